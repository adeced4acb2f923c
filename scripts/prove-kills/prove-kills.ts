#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { Output } from '#harness/cli/output.ts';
import { runScript } from '#harness/cli/run-script.ts';
import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import { plantDefect } from '#harness/defects/plant-defect.ts';
import { startEmbeddedStack } from '#harness/stack/embedded/start-embedded-stack.ts';
import { printFindings } from '../stress/print-findings.ts';
import { readCount } from '../stress/read-options.ts';
import { showMoment } from './kill-moment.ts';
import { type KillRound, type KillRoundsOptions, killRounds } from './kill-rounds.ts';
import { LATE_ROW } from './late-row.ts';

const HELP = `Proves that no answer exists without its usage rows: kills the service (SIGKILL) at random moments
in full traffic, half of them the end of an answer. Each time, every call that was answered to its
end must have a row for each of its provider calls, and wire and database must agree on all that
outlives a process. Then a defect is planted (the row is written 10 ms after the answer), and as many
kills must find it.

Usage: npm run prove:kills -- [options]

  --kills <n>     (default 50)
  --clients <n>   that call at the same time (default 16)
  --seed <text>   decides the moments; printed when it was not given
  --help

Examples: npm run prove:kills -- --kills 5
          npm run prove:kills -- --seed 4f1c2ab9

Exits with 0 when no row was lost and the defect was found, else with 1.`;

process.exitCode = await runScript(async ({ output, signal }) => {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '50' },
      clients: { type: 'string', default: '16' },
      seed: { type: 'string', default: randomBytes(4).toString('hex') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    output.line(HELP);
    return 0;
  }
  const kills = readCount('--kills', values.kills);
  const clients = readCount('--clients', values.clients);
  const { config, root } = await loadConfig();
  const { progress } = output;
  await using stack = await startEmbeddedStack({ ...loadHarnessEnvironment(), progress, signal });
  const { seed } = values;
  output.line(`seed ${seed}`);
  const run = { config, root, stack, seed, baseEnv: childEnvironment(), kills, clients, signal };
  const alarms = await countAlarms(run, output);
  const isFound = await findsLateRow(run, output);
  return alarms === 0 && isFound ? 0 : 1;
});

async function countAlarms(options: KillRoundsOptions, output: Output): Promise<number> {
  let alarms = 0;
  let answered = 0;
  let cutOff = 0;
  let recorded = 0;
  for await (const round of killRounds(options)) {
    answered += round.answered;
    cutOff += round.cutOff;
    recorded += round.recordedUnanswered;
    alarms += round.findings.length;
    output.progress(describe(round));
    printFindings(output, `kill ${round.kill}`, round.findings);
  }
  output.line(
    `no defect: ${alarms} alarms in ${options.kills} kills; ${answered} calls answered, ${cutOff} cut off, ${recorded} of these recorded`,
  );
  return alarms;
}

async function findsLateRow(options: KillRoundsOptions, output: Output): Promise<boolean> {
  const { name, caughtBy } = LATE_ROW;
  await using copy = await plantDefect(options.root, LATE_ROW);
  for await (const round of killRounds({ ...options, root: copy.root })) {
    output.progress(`${name}: ${describe(round)}`);
    const found = round.findings.find(({ check }) => check === caughtBy);
    if (found === undefined) continue;
    output.line(`${name}: found by kill ${round.kill} of ${options.kills}\n  ${found.message}`);
    return true;
  }
  output.line(`${name}: MISSED by ${options.kills} kills`);
  return false;
}

function describe({ kill, moment, answered, cutOff }: KillRound): string {
  return `kill ${kill}, ${showMoment(moment)}: ${answered} calls answered, ${cutOff} cut off`;
}
