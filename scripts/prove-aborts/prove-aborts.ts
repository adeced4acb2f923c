#!/usr/bin/env node
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Output } from '#harness/cli/output.ts';
import { runScript } from '#harness/cli/run-script.ts';
import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import { plantDefect } from '#harness/defects/plant-defect.ts';
import { startEmbeddedStack } from '#harness/stack/embedded/start-embedded-stack.ts';
import { gapOf, PLANTED_ABORTS, type PlantedAbort } from '../stress/planted-aborts.ts';
import { readCount } from '../stress/read-options.ts';
import { type AbortRoundsOptions, abortRounds } from './abort-rounds.ts';
import { ABORT_KINDS, abortScenario } from './abort-scenario.ts';
import { cpuLoad } from './cpu-load.ts';

const HELP = `Proves that "exact" holds where processes race: one abort at a barrier and one without, through
all four witnesses, again and again under CPU load. As the service is, no alarm is allowed; with each
of two planted defects (a lost abort, a double count) every single abort must raise one.

Usage: npm run prove:aborts -- [--rounds 200] [--load <busy threads; one per core>]`;

const PROGRESS_EVERY = 50;

process.exitCode = await runScript(async ({ output, signal }) => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '200' },
      load: { type: 'string', default: String(availableParallelism()) },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    output.line(HELP);
    return 0;
  }
  const { config, root } = await loadConfig();
  const scenarios = ABORT_KINDS.map((kind) => abortScenario(kind, 0));
  const baseEnv = childEnvironment();
  const progress = output.progress;
  const harness = loadHarnessEnvironment();
  await using stack = await startEmbeddedStack({ ...harness, progress, signal });
  await using _load = cpuLoad(Number(values.load));
  const run = {
    config: { ...config, scenarios },
    root,
    stack,
    seed: 'prove-aborts',
    baseEnv,
    rounds: readCount('--rounds', values.rounds),
    signal,
  };
  const alarms = await countFalseAlarms(run, output);
  let missed = 0;
  for (const defect of PLANTED_ABORTS) missed += await countMissed(run, defect, output);
  return alarms + missed === 0 ? 0 : 1;
});

async function countFalseAlarms(options: AbortRoundsOptions, output: Output): Promise<number> {
  let alarms = 0;
  const ends = new Map<string, number>();
  for await (const { round, kind, providerEnd, reconciliation } of abortRounds(options)) {
    report(output, 'no defect', round);
    const end = `${kind} ${providerEnd}`;
    ends.set(end, (ends.get(end) ?? 0) + 1);
    if (reconciliation.findings.length === 0) continue;
    alarms += 1;
    for (const { message } of reconciliation.findings)
      output.line(`  ${kind} ${round}: ${message}`);
  }
  const seen = [...ends].map(([end, count]) => `${count} ${end}`).join(', ');
  output.line(`no defect: ${alarms} false alarms in ${2 * options.rounds} aborts (${seen})`);
  return alarms;
}

async function countMissed(
  options: AbortRoundsOptions,
  defect: PlantedAbort,
  output: Output,
): Promise<number> {
  await using copy = await plantDefect(options.root, defect);
  let missed = 0;
  let aborts = 0;
  let gap = 0;
  for await (const abort of abortRounds({ ...options, root: copy.root })) {
    report(output, defect.name, abort.round);
    const gapNow = gapOf(abort.reconciliation.rows, defect.caughtBy);
    const isFound = gapNow - gap === defect.gapPerAbort;
    gap = gapNow;
    // A raced call that the provider completed may have been no abort for the service either.
    if (abort.providerEnd !== 'abandoned') continue;
    aborts += 1;
    if (isFound && abort.reconciliation.findings.length > 0) continue;
    missed += 1;
    output.line(`  ${abort.kind} ${abort.round}: the gap went to ${gapNow}`);
  }
  output.line(`${defect.name}: found in ${aborts - missed} of ${aborts} aborts`);
  return aborts === 0 ? 1 : missed;
}

function report(output: Output, name: string, round: number): void {
  if (round % PROGRESS_EVERY === 0) output.progress(`${name}: round ${round}`);
}
