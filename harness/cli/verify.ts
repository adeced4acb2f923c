import { type Command, Option } from 'commander';
import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import { CONFIG_FILE, loadConfig } from '#harness/config/load-config.ts';
import { PROFILES, type ProfileName } from '#harness/gates/profiles.ts';
import { EXIT_CODES, type Verdict } from '#harness/gates/verdict.ts';
import { writeRun } from '#harness/report/write-run.ts';
import type { CommandContext } from './command-context.ts';
import { type Output, printGate } from './output.ts';
import { printFacts } from './print-facts.ts';
import { printMeasures } from './print-measures.ts';
import { printRecordings } from './print-recordings.ts';
import { addStackOption, type StackFlag } from './stack-option.ts';

interface VerifyFlags extends StackFlag {
  config: string;
  profile: ProfileName;
  seed?: string;
  tests: boolean;
}

const EXAMPLES = `
Examples:
  $ tally verify                     may this build be released?
  $ tally verify --no-tests          everything but the test suite, in seconds
  $ tally verify --stack containers  Postgres and Prometheus in Docker
  $ tally verify --profile ci        coverage of code and metrics is required too; alerts are fired
  $ tally verify --profile release   recordings must be of live providers, and fresh
  $ tally verify --seed 5f3a90c1     the same keys as in an earlier run

Writes .tally/runs/<id>/verdict.json, summary.md and preview.html, a preview of the dashboards;
.tally/latest points at the newest.`;

export function addVerify(program: Command, context: CommandContext): void {
  const command = program
    .command('verify')
    .description('start the stack, run the service in both modes, and print the verdict')
    .option('--config <file>', 'the configuration', CONFIG_FILE)
    .addOption(
      new Option('--profile <name>', 'which gates must have run')
        .choices(Object.keys(PROFILES))
        .default('local'),
    )
    .option('--seed <text>', 'derive all keys from this; a new one each time when left out')
    .option('--no-tests', 'leave the test suite out; the coverage gate then did not run')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: VerifyFlags) => {
      context.exitCode = await runVerify(flags, context);
    });
  addStackOption(command);
}

async function runVerify(flags: VerifyFlags, { output, signal }: CommandContext): Promise<number> {
  const loaded = await loadConfig(flags.config);
  // Loaded here, so that help and usage errors need not wait for all of it.
  const { verify } = await import('#harness/gates/verify.ts');
  let preview: string | undefined;
  const verdict = await verify(loaded, {
    profile: flags.profile,
    seed: flags.seed,
    withTests: flags.tests,
    harness: loadHarnessEnvironment(),
    backend: flags.stack,
    baseEnv: childEnvironment(),
    onGate: (gate) => printGate(output, gate),
    onPreview: (page) => {
      preview = page;
    },
    progress: output.progress,
    signal,
  });
  const folder = await writeRun(loaded.root, verdict, preview);
  printFacts(output, verdict.facts);
  printRecordings(output, verdict.cassettes);
  printMeasures(
    output,
    verdict.gates.flatMap(({ measures = [] }) => measures),
  );
  printVerdict(output, verdict, folder);
  return EXIT_CODES[verdict.verdict];
}

const VERDICT_STYLES = { PASS: 'green', FAIL: 'red', INCOMPLETE: 'yellow' } as const;

function printVerdict(output: Output, verdict: Verdict, folder: string): void {
  const { verdict: name, facts, durationMs, seed, profile } = verdict;
  const differing = facts.filter(({ equal }) => !equal).length;
  output.line('');
  output.line(
    `${output.paint(['bold', VERDICT_STYLES[name]], name)}  profile ${profile}, ${facts.length} values witnessed, ${differing} differ, ${(durationMs / 1000).toFixed(1)} s, seed ${seed}`,
  );
  output.line(`${folder}/summary.md`);
}
