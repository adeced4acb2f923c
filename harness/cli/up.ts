import { type Command, Option } from 'commander';
import { CONFIG_FILE } from '#harness/config/load-config.ts';
import { MODES } from '#harness/traffic/scenario.ts';
import type { CommandContext } from './command-context.ts';
import { addPlaceOptions } from './place-options.ts';
import type { RunningFlags } from './while-service-runs.ts';

const EXAMPLES = `
Examples:
  $ tally up                     a running system with a little traffic, until Ctrl-C
  $ tally up --mode testing      the service in test mode
  $ tally up --image byom:1.2    the service in a container of this image`;

export function addUp(program: Command, context: CommandContext): void {
  const command = program
    .command('up')
    .description('start stack and service, play the scenarios once, print the URLs, stay')
    .option('--config <file>', 'the configuration', CONFIG_FILE)
    .addOption(
      new Option('--mode <mode>', 'how the service runs').choices(MODES).default('production'),
    )
    .option('--seed <text>', 'derive all keys from this', 'up')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: RunningFlags) => {
      // Loaded here, so that help and usage errors need not wait for all of it.
      const { runUp } = await import('./run-up.ts');
      await runUp(flags, context);
    });
  addPlaceOptions(command);
}
