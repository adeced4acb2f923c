#!/usr/bin/env node
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import type { Output } from '#harness/cli/output.ts';
import { runScript } from '#harness/cli/run-script.ts';
import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import { measureAbort } from './measure-abort.ts';
import { measureRecord } from './measure-record.ts';
import { measureSettle } from './measure-settle.ts';
import { measureStack } from './measure-stack.ts';
import { measureVerify } from './measure-verify.ts';
import type { Measurement } from './measurement.ts';
import { measureReplay } from './replay/measure-replay.ts';
import { measureService } from './service/measure-service.ts';

const HELP = `Measures Tally's own speed: medians of several runs, as a table and in .tally/perf.json; replays of the
simulator beside nock, MSW, aimock and WireMock; and what the reference service costs, beside a gateway
that authenticates nobody, meters nothing and writes no row.

Usage: npm run perf -- [--only stack|settle|abort|record|replay|verify|service] [--rounds <n>]

--rounds is how often the service and those who replay meet each load; 5 when left out.

Run it on an idle machine; compare numbers of one run only.`;

process.exitCode = await runScript(async ({ output, signal }) => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    output.line(HELP);
    return 0;
  }
  const loaded = await loadConfig();
  const harness = loadHarnessEnvironment();
  const baseEnv = childEnvironment();
  const stack = { ...harness, progress: () => undefined, signal };
  const parts: Record<string, () => Promise<Measurement[]>> = {
    stack: () => measureStack({ ...stack, progress: output.progress }),
    settle: () => measureSettle(loaded, { ...stack, baseEnv }),
    abort: () => measureAbort(loaded, { ...stack, baseEnv }),
    record: () => measureRecord(),
    replay: () => measureReplay({ baseEnv, output, rounds: Number(values.rounds) }),
    verify: () => measureVerify(loaded, { harness, baseEnv, progress: () => undefined, signal }),
    service: () =>
      measureService(loaded, { ...stack, baseEnv, output, rounds: Number(values.rounds) }),
  };
  const measured: Measurement[] = [];
  for (const [name, measure] of Object.entries(parts)) {
    if (values.only !== undefined && values.only !== name) continue;
    output.progress(`measuring ${name}`);
    measured.push(...(await measure()));
  }
  printTable(output, measured);
  await save(loaded.root, measured);
  return 0;
});

function printTable({ line, paint }: Output, measured: readonly Measurement[]): void {
  const table = new Table({
    head: ['what', 'median', 'unit', 'runs', 'target'],
    style: { head: [] },
  });
  for (const { name, value, unit, runs, target } of measured) {
    const isMet =
      target === undefined || (unit === 'requests/s' ? value >= target : value <= target);
    const digits = unit === 'ms' ? 2 : 0;
    const shown = value.toFixed(digits);
    const aim = target === undefined ? '' : Number(target.toFixed(digits));
    table.push([name, isMet ? shown : paint('red', shown), unit, runs, aim]);
  }
  line(table.toString());
  line(
    `${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`,
  );
}

async function save(root: string, measured: readonly Measurement[]): Promise<void> {
  const folder = join(root, '.tally');
  await mkdir(folder, { recursive: true });
  const content = { at: new Date().toISOString(), node: process.version, measured };
  await writeFile(join(folder, 'perf.json'), `${JSON.stringify(content, null, 2)}\n`);
}
