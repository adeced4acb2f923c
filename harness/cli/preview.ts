import { type Command, Option } from 'commander';
import { CONFIG_FILE } from '#harness/config/load-config.ts';
import { MODES } from '#harness/traffic/scenario.ts';
import type { CommandContext } from './command-context.ts';
import { addPlaceOptions } from './place-options.ts';
import type { PreviewFlags } from './run-preview.ts';

const EXAMPLES = `
Examples:
  $ tally preview                         writes .tally/preview.html
  $ tally preview --output /tmp/look.html

The page is one file that works from disk. It draws the dashboards' own JSON with what a short run
left in Prometheus; it is a preview, and not Grafana. \`tally verify\` writes one beside its verdict.`;

export function addPreview(program: Command, context: CommandContext): void {
  const command = program
    .command('preview')
    .description('play the scenarios once and draw the dashboards into one HTML page')
    .option('--config <file>', 'the configuration', CONFIG_FILE)
    .option('--output <file>', 'where the page goes', '.tally/preview.html')
    .addOption(
      new Option('--mode <mode>', 'how the service runs').choices(MODES).default('production'),
    )
    .option('--seed <text>', 'derive all keys from this', 'preview')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: PreviewFlags) => {
      // Loaded here, so that help and usage errors need not wait for all of it.
      const { runPreview } = await import('./run-preview.ts');
      await runPreview(flags, context);
    });
  addPlaceOptions(command);
}
