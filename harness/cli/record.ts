import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import { CONFIG_FILE, loadConfig } from '#harness/config/load-config.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { didYouMean } from '#harness/errors/nearest-name.ts';
import { EXIT_CODES } from '#harness/gates/verdict.ts';
import { showUsd } from '#harness/live/budget.ts';
import { type RecordOutcome, recordCases } from '#harness/live/record-cases.ts';
import { type RecordableCase, recordableCases } from '#harness/live/recordable-case.ts';
import type { CommandContext } from './command-context.ts';
import type { Output } from './output.ts';

interface RecordFlags {
  config: string;
  case: string[];
  all?: boolean;
}

const EXAMPLES = `
Examples:
  $ tally record --case openai/chat-stream             one case
  $ tally record --case 'google/*' --case openai/chat  all cases of one provider, and one more
  $ tally record --all                                 every case that can be recorded

Takes OPENAI_API_KEY, GOOGLE_API_KEY and ANTHROPIC_API_KEY; the service never gets them. Stops before
TALLY_LIVE_BUDGET_USD (0.10) is crossed. A case whose recording is not sound keeps its old cassette.`;

export function addRecord(program: Command, context: CommandContext): void {
  program
    .command('record')
    .description('play cases against the live providers and replace their cassettes')
    .option('--config <file>', 'the configuration', CONFIG_FILE)
    .option(
      '--case <id>',
      'a case, or several with *; repeatable',
      (id, ids: string[]) => [...ids, id],
      [],
    )
    .option('--all', 'every case')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: RecordFlags) => {
      context.exitCode = await runRecord(flags, context);
    });
}

async function runRecord(flags: RecordFlags, { output, signal }: CommandContext): Promise<number> {
  const loaded = await loadConfig(flags.config);
  const cases = chooseCases(recordableCases(loaded.config.scenarios), flags);
  const { outcomes, spentUsd } = await recordCases(loaded, {
    cases,
    seed: randomBytes(4).toString('hex'),
    harness: loadHarnessEnvironment(),
    baseEnv: childEnvironment(),
    onOutcome: (outcome) => printOutcome(output, outcome),
    progress: output.progress,
    signal,
  });
  const count = (kind: RecordOutcome['kind']): number =>
    outcomes.filter((outcome) => outcome.kind === kind).length;
  output.line('');
  output.line(
    `${count('recorded')} recorded, ${count('refused')} refused, ${count('skipped')} skipped; ${showUsd(spentUsd)} spent`,
  );
  const unmatched = unmatchedRules(outcomes);
  if (unmatched.length > 0) output.line(`Rules that found nothing: ${unmatched.join(', ')}`);
  if (count('refused') > 0) return EXIT_CODES.FAIL;
  return count('skipped') > 0 ? EXIT_CODES.INCOMPLETE : EXIT_CODES.PASS;
}

/** Rules that have found nothing in any recording of the run: they may have stopped to match. */
function unmatchedRules(outcomes: readonly RecordOutcome[]): readonly string[] {
  const each = outcomes.flatMap((one) => (one.kind === 'recorded' ? [one.unmatchedRules] : []));
  return each[0]?.filter((rule) => each.every((rules) => rules.includes(rule))) ?? [];
}

/** The cases that are meant, in the order of the configuration. */
function chooseCases(all: readonly RecordableCase[], flags: RecordFlags): RecordableCase[] {
  if (flags.all === true) return [...all];
  const ids = all.map(({ id }) => id);
  if (flags.case.length === 0) throw usage('No case was named.', 'Give --case <id>, or --all.');
  for (const pattern of flags.case) {
    if (ids.some((id) => matches(id, pattern))) continue;
    const what = `There is no case "${pattern}".${didYouMean(pattern, ids)}`;
    throw usage(what, `Name one of ${ids.join(', ')}.`);
  }
  return all.filter(({ id }) => flags.case.some((pattern) => matches(id, pattern)));
}

/** `*` stands for anything but a slash. */
function matches(id: string, pattern: string): boolean {
  const literal = pattern.replaceAll(/[^\w/*-]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replaceAll('*', '[^/]*')}$`).test(id);
}

function usage(what: string, fix: string): HarnessError {
  return new HarnessError(what, { code: 'H_CLI_USAGE', fix });
}

const STYLES = { recorded: 'green', refused: 'red', skipped: 'yellow' } as const;

function printOutcome({ line, paint }: Output, outcome: RecordOutcome): void {
  const { id, kind } = outcome;
  const told = kind === 'recorded' ? showUsd(outcome.costUsd) : '';
  const why = kind === 'skipped' ? outcome.reason : told;
  line(`${paint(STYLES[kind], kind.padEnd(8))} ${id.padEnd(30)} ${why}`);
  const more = kind === 'recorded' ? outcome.news : [];
  for (const text of more) line(`  ${text}`);
  if (kind !== 'refused') return;
  for (const { message, fix } of outcome.findings) {
    line(`  ${message}`);
    if (fix !== undefined) line(`  fix: ${fix}`);
  }
}
