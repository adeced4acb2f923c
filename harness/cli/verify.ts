import { type Command, InvalidArgumentError, Option } from 'commander';
import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import { CONFIG_FILE, type LoadedConfig, loadConfig } from '#harness/config/load-config.ts';
import { PROFILES, type ProfileName } from '#harness/gates/profiles.ts';
import { EXIT_CODES, type Verdict } from '#harness/gates/verdict.ts';
import type { VerifyOptions } from '#harness/gates/verify.ts';
import { writeRun } from '#harness/report/write-run.ts';
import type { CommandContext } from './command-context.ts';
import { type Output, printGate } from './output.ts';
import { addPlaceOptions, type PlaceFlags } from './place-options.ts';
import { printFacts } from './print-facts.ts';
import { printMeasures } from './print-measures.ts';
import { printRecordings } from './print-recordings.ts';

interface VerifyFlags extends PlaceFlags {
  config: string;
  profile: ProfileName;
  seed?: string;
  tests: boolean;
  serviceUrl?: string;
}

const EXAMPLES = `
Examples:
  $ tally verify                     may this build be released?
  $ tally verify --no-tests          everything but the test suite, in seconds
  $ tally verify --stack containers  Postgres and Prometheus in Docker
  $ tally verify --image byom:1.2    the image that will be released, in Docker
  $ tally verify --profile ci        coverage of code and metrics is required too; alerts are fired
  $ tally verify --profile release   recordings must be of live providers, and fresh
  $ tally verify --seed 5f3a90c1     the same keys as in an earlier run
  $ tally verify --service-url https://api.internal   a deployed service: it is only read

Writes .tally/runs/<id>/verdict.json, summary.md and preview.html, a preview of the dashboards;
.tally/latest points at the newest.`;

export function addVerify(program: Command, context: CommandContext): void {
  const command = program
    .command('verify')
    .description('start the stack, run the service in both modes, and print the verdict')
    .option('--config <file>', 'the configuration', CONFIG_FILE)
    .addOption(
      new Option('--profile <name>', 'which gates must have run')
        .choices(Object.keys(PROFILES).filter((name) => name !== 'deployed'))
        .default('local'),
    )
    .option('--seed <text>', 'derive all keys from this; a new one each time when left out')
    .addOption(
      new Option('--service-url <url>', 'judge a deployed service instead, by reading it')
        .conflicts(['profile', 'seed', 'stack', 'image'])
        .argParser(parseHttpUrl),
    )
    .option('--no-tests', 'leave the test suite out; the coverage gate then did not run')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: VerifyFlags) => {
      context.exitCode = await runVerify(flags, context);
    });
  addPlaceOptions(command);
}

async function runVerify(flags: VerifyFlags, { output, signal }: CommandContext): Promise<number> {
  const loaded = await loadConfig(flags.config);
  let preview: string | undefined;
  const verdict = await verdictOf(loaded, flags, {
    harness: loadHarnessEnvironment(),
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

// Loaded there, so that help and usage errors need not wait for all of it.
async function verdictOf(
  loaded: LoadedConfig,
  { serviceUrl, ...flags }: VerifyFlags,
  shared: Pick<VerifyOptions, 'harness' | 'onGate' | 'onPreview' | 'progress' | 'signal'>,
): Promise<Verdict> {
  if (serviceUrl !== undefined) {
    const { verifyDeployed } = await import('#harness/gates/verify-deployed.ts');
    return await verifyDeployed(loaded, { ...shared, serviceUrl });
  }
  const { verify } = await import('#harness/gates/verify.ts');
  const { profile, seed, tests: withTests, stack: backend, image } = flags;
  return await verify(loaded, {
    ...{ ...shared, profile, seed, withTests, backend, image, baseEnv: childEnvironment() },
  });
}

function parseHttpUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('It must begin with http:// or https://.');
  }
  if (url.username === '') return text;
  throw new InvalidArgumentError('Give user and password in TALLY_SERVICE_HEADERS instead.');
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
