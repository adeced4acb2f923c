import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabaseReader } from '#harness/database/database-reader.ts';
import {
  type EmbeddedStackOptions,
  startEmbeddedStack,
} from '#harness/stack/embedded/start-embedded-stack.ts';
import type { Measurement } from './measurement.ts';
import { median, timeRuns } from './median.ts';

const COLD_RUNS = 3;
const WARM_RUNS = 7;
const CLONES = 40;

/** Time until both servers answer, with and without an initialised cluster, and of a clone. */
export async function measureStack(options: EmbeddedStackOptions): Promise<Measurement[]> {
  // Fills the cache, so that no download is measured.
  await startToFirstQuery(options);
  const cold = await timeRuns(COLD_RUNS, () => startCold(options));
  const warm: number[] = [];
  for (let run = 0; run < WARM_RUNS; run += 1) warm.push(await startToFirstQuery(options));
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
    {
      name: 'clone of a database',
      value: median(clones),
      unit: 'ms',
      runs: clones.length,
      target: 20,
    },
  ];
}

/** Milliseconds from nothing to an answered query of Postgres and of Prometheus. */
async function startToFirstQuery(options: EmbeddedStackOptions): Promise<number> {
  const startedAtMs = performance.now();
  await using stack = await startEmbeddedStack(options);
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
async function startCold(options: EmbeddedStackOptions): Promise<void> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'tally-perf-'));
  try {
    await cp(join(options.cacheDir, 'prometheus'), join(cacheDir, 'prometheus'), {
      recursive: true,
    });
    await startToFirstQuery({ ...options, cacheDir });
  } finally {
    await rm(cacheDir, { recursive: true, force: true });
  }
}

async function timeClones(options: EmbeddedStackOptions): Promise<number[]> {
  await using stack = await startEmbeddedStack(options);
  const template = await stack.postgres.createTemplate(async (databaseUrl) => {
    await using reader = await openDatabaseReader(databaseUrl);
    for (let table = 0; table < 20; table += 1) {
      await reader.query(`create table t${table} (id bigint primary key, name text unique)`);
    }
  });
  return await timeRuns(CLONES, () => template.clone());
}
