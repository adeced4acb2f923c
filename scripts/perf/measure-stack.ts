import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabaseReader } from '#harness/database/database-reader.ts';
import { chooseStack } from '#harness/stack/choose-stack.ts';
import { startContainerStack } from '#harness/stack/containers/start-container-stack.ts';
import { startEmbeddedStack } from '#harness/stack/embedded/start-embedded-stack.ts';
import type { Stack } from '#harness/stack/stack.ts';
import type { StartStackOptions } from '#harness/stack/start-stack.ts';
import type { Measurement } from './measurement.ts';
import { median, timeRuns } from './median.ts';

const COLD_RUNS = 3;
const WARM_RUNS = 7;
const CLONES = 40;
const NO_SERVERS = { databaseUrl: undefined, prometheus: undefined };

/** Time until both servers answer, with and without an initialised cluster, and of a clone. */
export async function measureStack(options: StartStackOptions): Promise<Measurement[]> {
  // Fills the cache, so that no download is measured.
  await startToFirstQuery(startEmbeddedStack, options);
  const cold = await timeRuns(COLD_RUNS, () => startCold(options));
  const warm = await timeStarts(startEmbeddedStack, options);
  const clones = await timeClones(options);
  return [
    { name: 'stack ready, cold', value: median(cold), unit: 'ms', runs: cold.length },
    {
      name: 'stack ready, warm',
      value: median(warm),
      unit: 'ms',
      runs: warm.length,
      target: 500,
    },
    ...(await measureContainers(options)),
    {
      name: 'clone of a database',
      value: median(clones),
      unit: 'ms',
      runs: clones.length,
      target: 20,
    },
  ];
}

/** The same start in containers, beside the embedded one, where an engine has the images. */
async function measureContainers(options: StartStackOptions): Promise<Measurement[]> {
  const { backend, reason } = await chooseStack({ ...options, external: NO_SERVERS });
  if (backend !== 'containers') {
    options.progress(`stack ready, in containers: not measured (${reason})`);
    return [];
  }
  const starts = await timeStarts(startContainerStack, options);
  const value = median(starts);
  return [
    { name: 'stack ready, in containers', value, unit: 'ms', runs: starts.length, target: 1_500 },
  ];
}

type Start = (options: StartStackOptions) => Promise<Stack>;

async function timeStarts(start: Start, options: StartStackOptions): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < WARM_RUNS; run += 1) times.push(await startToFirstQuery(start, options));
  return times;
}

/** Milliseconds from nothing to an answered query of Postgres and of Prometheus. */
async function startToFirstQuery(start: Start, options: StartStackOptions): Promise<number> {
  const startedAtMs = performance.now();
  await using stack = await start(options);
  const template = await stack.postgres.createTemplate(async () => undefined);
  await using database = await template.clone();
  await using reader = await openDatabaseReader(database.url);
  await Promise.all([
    reader.query('select 1 as value'),
    fetch(`${stack.prometheus.url}/api/v1/query?query=1`, { signal: AbortSignal.timeout(5_000) }),
  ]);
  return performance.now() - startedAtMs;
}

/** Cold: Prometheus is here, but no cluster was ever initialised. */
async function startCold(options: StartStackOptions): Promise<void> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'tally-perf-'));
  try {
    await cp(join(options.cacheDir, 'prometheus'), join(cacheDir, 'prometheus'), {
      recursive: true,
    });
    await startToFirstQuery(startEmbeddedStack, { ...options, cacheDir });
  } finally {
    await rm(cacheDir, { recursive: true, force: true });
  }
}

async function timeClones(options: StartStackOptions): Promise<number[]> {
  await using stack = await startEmbeddedStack(options);
  const template = await stack.postgres.createTemplate(async (databaseUrl) => {
    await using reader = await openDatabaseReader(databaseUrl);
    for (let table = 0; table < 20; table += 1) {
      await reader.query(`create table t${table} (id bigint primary key, name text unique)`);
    }
  });
  return await timeRuns(CLONES, () => template.clone());
}
