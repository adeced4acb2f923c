#!/usr/bin/env node
import { parseArgs } from 'node:util';
import type { Output } from '#harness/cli/output.ts';
import { runScript } from '#harness/cli/run-script.ts';
import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import { plantDefect } from '#harness/defects/plant-defect.ts';
import { startEmbeddedStack } from '#harness/stack/embedded/start-embedded-stack.ts';
import { MODES } from '#harness/traffic/scenario.ts';
import { gapOf, PLANTED_ABORTS, type PlantedAbort } from '../stress/planted-aborts.ts';
import { printFindings } from '../stress/print-findings.ts';
import { readCount, readName } from '../stress/read-options.ts';
import { MIX_SIZE } from './load-mix.ts';
import { type LoadRound, type LoadRoundsOptions, loadRounds } from './load-rounds.ts';

const HELP = `Proves that all witnesses agree under load: mixed calls of all providers by both endpoints, all sent
at once, round after round to one service process, in both modes. A quarter is aborted (half at a
barrier, half at any moment), a tenth fails. As the service is, no alarm is allowed; with each of two
planted defects (a lost abort, a double count) every single round must raise one.

Usage: npm run prove:load -- [options]

  --rounds <n>   per mode and defect (default 20)
  --calls <n>    per round, a multiple of ${MIX_SIZE} (default 200)
  --only <name>  testing, production, lost-abort or double-count
  --seed <text>  decides the order of the calls (default "prove-load")
  --help

Examples: npm run prove:load -- --rounds 2 --calls ${2 * MIX_SIZE}
          npm run prove:load -- --only production --seed another

Exits with 0 when there was no false alarm and no missed defect, else with 1.`;

const NAMES: readonly string[] = [...MODES, ...PLANTED_ABORTS.map(({ name }) => name)];

process.exitCode = await runScript(async ({ output, signal }) => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '20' },
      calls: { type: 'string', default: '200' },
      only: { type: 'string' },
      seed: { type: 'string', default: 'prove-load' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    output.line(HELP);
    return 0;
  }
  const rounds = readCount('--rounds', values.rounds);
  const calls = readCount('--calls', values.calls, { multipleOf: MIX_SIZE });
  const only = values.only === undefined ? NAMES : [readName('--only', values.only, NAMES)];
  const { config, root } = await loadConfig();
  const { progress } = output;
  await using stack = await startEmbeddedStack({ ...loadHarnessEnvironment(), progress, signal });
  const { seed } = values;
  const run = { config, root, stack, seed, baseEnv: childEnvironment(), rounds, calls, signal };
  const isMeant = (name: string): boolean => only.includes(name);
  let wrong = 0;
  for (const mode of MODES.filter(isMeant))
    wrong += await countFalseAlarms({ ...run, mode }, output);
  for (const defect of PLANTED_ABORTS.filter(({ name }) => isMeant(name)))
    wrong += await countMissed({ ...run, mode: 'production' }, defect, output);
  return wrong === 0 ? 0 : 1;
});

async function countFalseAlarms(options: LoadRoundsOptions, output: Output): Promise<number> {
  const { mode, rounds } = options;
  let calls = 0;
  let providerCalls = 0;
  for await (const load of loadRounds(options)) {
    const { round, rows, findings } = load;
    calls += load.calls.length;
    providerCalls += load.providerCalls;
    output.progress(`${mode}: round ${round} of ${rounds}, ${rows.length} values compared`);
    if (findings.length === 0) continue;
    printFindings(output, `${mode}, round ${round}`, findings);
    // Scripts that were not asked for would answer the next round's calls.
    output.line(`${mode}: ${findings.length} false alarms in round ${round}; stopped there`);
    return findings.length;
  }
  output.line(
    `${mode}: 0 false alarms in ${rounds} rounds, ${calls} calls, ${providerCalls} provider calls`,
  );
  return 0;
}

async function countMissed(
  options: LoadRoundsOptions,
  defect: PlantedAbort,
  output: Output,
): Promise<number> {
  await using copy = await plantDefect(options.root, defect);
  let missed = 0;
  let gap = 0;
  for await (const load of loadRounds({ ...options, root: copy.root })) {
    const { round } = load;
    output.progress(`${defect.name}: round ${round} of ${options.rounds}`);
    const gapNow = gapOf(load.rows, defect.caughtBy);
    const isFound = isFoundIn(load, defect, (gapNow - gap) * defect.gapPerAbort);
    gap = gapNow;
    if (isFound) continue;
    missed += 1;
    output.line(`  ${defect.name}, round ${round}: the gap went to ${gapNow}`);
  }
  const rounds = 1 + options.rounds;
  output.line(`${defect.name}: found in ${rounds - missed} of ${rounds} rounds`);
  return missed;
}

/** How many aborts of a round went missing: all at a barrier, and any number of the raced ones. */
function isFoundIn(load: LoadRound, { caughtBy }: PlantedAbort, aborts: number): boolean {
  const left = load.calls.filter(({ end }) => end === 'left');
  const certain = left.filter(({ raced }) => !raced).length;
  const isNamed = load.findings.some(({ check }) => check === `reconciliation/${caughtBy}`);
  return isNamed && aborts >= certain && aborts <= left.length;
}
