import { type Command, Option } from 'commander';
import type { Provider } from '#harness/cassettes/provider.ts';
import { EXIT_CODES } from '#harness/gates/verdict.ts';
import type { CommandContext } from './command-context.ts';

interface ImportFlags {
  to: string;
  provider?: Provider;
  dryRun?: boolean;
}

const EXAMPLES = `
Examples:
  $ tally import spec/vcr/*.yml --to fixtures/cassettes --dry-run   what would become of them
  $ tally import chat.yaml --to fixtures/cassettes                  openai/chat, if it is of OpenAI
  $ tally import proxy.har --to fixtures/cassettes --provider openai   recorded at a gateway

Reads recordings of VCR (Ruby), vcrpy, go-vcr and HAR 1.2. Secrets are taken out as when recording;
what cannot become a cassette is listed with the reason, and the exit code is then 2.`;

export function addImport(program: Command, context: CommandContext): void {
  program
    .command('import')
    .description('make cassettes of recordings that other tools have made')
    .argument('<files...>', 'recordings; each becomes a case named after it')
    .requiredOption('--to <folder>', 'the folder of the cassettes')
    .addOption(
      new Option('--provider <name>', 'whose protocol other hosts speak').choices([
        'openai',
        'google',
        'anthropic',
      ]),
    )
    .option('--dry-run', 'write nothing')
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[], flags: ImportFlags) => {
      context.exitCode = await runImport(files, flags, context);
    });
}

async function runImport(
  files: readonly string[],
  { to, provider, dryRun = false }: ImportFlags,
  { output }: CommandContext,
): Promise<number> {
  const { importRecordings } = await import('#harness/import/import-recordings.ts');
  const today = new Date().toISOString().slice(0, 'yyyy-mm-dd'.length);
  const report = await importRecordings({ files, to, provider, isDryRun: dryRun, today });
  const { cassettes, leftOut } = report;
  for (const { file, tool, content } of cassettes) {
    const { id, interactions, redactions } = content.document;
    const redacted = redactions.map(({ place, rule, count }) => `${place} (${rule}, ${count})`);
    output.line(`${output.paint('green', id)}  ${interactions.length} of ${file} (${tool})`);
    if (redacted.length > 0) output.line(`  redacted: ${redacted.join(', ')}`);
  }
  for (const { file, place, why } of leftOut) {
    output.line(`${output.paint('yellow', 'left out')}  ${file}, ${place}: ${why}`);
  }
  const done = dryRun ? 'would be written' : `written to ${to}`;
  output.line(`${cassettes.length} cassettes ${done}, ${leftOut.length} entries left out`);
  return leftOut.length === 0 && cassettes.length > 0 ? EXIT_CODES.PASS : EXIT_CODES.INCOMPLETE;
}
