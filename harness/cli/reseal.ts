import { resolve } from 'node:path';
import type { Command } from 'commander';
import { resealCassette } from '#harness/cassettes/reseal-cassette.ts';
import { CONFIG_FILE, loadConfig } from '#harness/config/load-config.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { CommandContext } from './command-context.ts';

interface ResealFlags {
  config: string;
  reason: string;
}

const EXAMPLES = `
Examples:
  $ tally reseal openai/chat --reason "OpenAI calls the model by its snapshot now"

Checks the form of the cassette, notes the reason in it and writes its new seal. What a recording
says is evidence: record it again where you can.`;

export function addReseal(program: Command, { output }: CommandContext): void {
  program
    .command('reseal')
    .description('seal a cassette that was edited by hand, and note why')
    .argument('<id>', '<provider>/<case>, as its folder is named')
    .requiredOption('--reason <text>', 'why it was edited')
    .option('--config <file>', 'the configuration', CONFIG_FILE)
    .addHelpText('after', EXAMPLES)
    .action(async (id: string, { config: file, reason }: ResealFlags) => {
      const date = new Date().toISOString().slice(0, 10);
      const seal = await resealCassette(await cassettesOf(file), id, { reason, date });
      output.line(seal === undefined ? `${id} is as it was sealed.` : `${id} is sealed: ${seal}`);
    });
}

async function cassettesOf(file: string): Promise<string> {
  const { config, root } = await loadConfig(file);
  if (config.cassettes === undefined) {
    throw new HarnessError(`"${file}" names no folder of cassettes.`, {
      code: 'H_CASSETTE_UNREADABLE',
      fix: 'Give it `cassettes`, e.g. "fixtures/cassettes".',
    });
  }
  return resolve(root, config.cassettes);
}
