import type { Command } from 'commander';
import { loadHarnessEnvironment } from '#harness/config/env.ts';
import { CONFIG_FILE } from '#harness/config/load-config.ts';
import { examine } from '#harness/doctor/examine.ts';
import { EXIT_HARNESS_FAILED } from '#harness/gates/verdict.ts';
import type { CommandContext } from './command-context.ts';

const EXAMPLES = `
Examples:
  $ tally doctor     what is here, what is missing, what to do

Exits with 70 when something is missing that Tally cannot do without.`;

export function addDoctor(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description('look at what Tally needs on this machine; changes nothing')
    .option('--config <file>', 'the configuration', CONFIG_FILE)
    .addHelpText('after', EXAMPLES)
    .action(async ({ config }: { config: string }) => {
      context.exitCode = await runDoctor(config, context);
    });
}

const STYLES = { ok: 'green', missing: 'red', absent: 'yellow' } as const;

async function runDoctor(config: string, { output }: CommandContext): Promise<number> {
  const { line, paint } = output;
  const examined = await examine({ config, harness: loadHarnessEnvironment() });
  for (const { name, state, found, fix } of examined) {
    line(`${paint(STYLES[state], state.padEnd(8))} ${name.padEnd(15)} ${found}`);
    if (fix !== undefined) line(`${' '.repeat(25)}fix: ${fix}`);
  }
  return examined.some(({ state }) => state === 'missing') ? EXIT_HARNESS_FAILED : 0;
}
