import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { processEnvironment } from '#harness/config/env.ts';
import { findFreePort } from '#harness/processes/free-port.ts';
import { scrapeJob } from '#harness/stack/external/prometheus/scrape-job.ts';
import {
  type SomebodysPostgres,
  type SomebodysPrometheus,
  startSomebodysPostgres,
  startSomebodysPrometheus,
} from '#harness/stack/external/somebodys-servers.fixture.ts';
import { runTally, TALLY } from './run-tally.ts';
import { writeShortConfig } from './short-config.fixture.ts';

const tags = ['integration'];
const OURS = `select datname from pg_database where datname like 'tally%'`;

let folder: string;
let verify: string[];
let postgres: SomebodysPostgres;
let prometheus: SomebodysPrometheus;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-external-'));
  const config = await writeShortConfig(join(folder, 'short'));
  verify = ['verify', '--config', config, '--stack', 'external'];
  const listen = { host: '127.0.0.1', port: (await findFreePort()) ?? 0 };
  [postgres, prometheus] = await Promise.all([
    startSomebodysPostgres(),
    startSomebodysPrometheus(scrapeJob(listen)),
  ]);
  env = {
    DATABASE_URL: postgres.url,
    PROMETHEUS_URL: prometheus.url,
    TALLY_SCRAPE_LISTEN: `${listen.host}:${listen.port}`,
  };
});
afterAll(async () => {
  await Promise.all([postgres[Symbol.asyncDispose](), prometheus[Symbol.asyncDispose]()]);
  await rm(folder, { recursive: true });
});

describe('tally verify on somebody’s servers', { tags }, () => {
  test('passes, leaves their data as it was, and nothing of its own or of a killed run', {
    tags: ['slow'],
  }, async () => {
    const checksum = `select md5(string_agg(orders::text, ',' order by id)) from orders`;
    const before = await postgres.query(checksum);
    const killed = spawn(process.execPath, [TALLY, ...verify], {
      env: { ...processEnvironment(), ...env },
      stdio: 'ignore',
    });
    // The template and the databases of both modes.
    await expect.poll(() => postgres.query(OURS), { timeout: 60_000 }).toHaveLength(3);
    killed.kill('SIGKILL');
    await once(killed, 'close');
    const run = await runTally(verify, env);
    expect(run.stdout, run.stderr).toMatch(/passed +reconciliation[\s\S]*PASS/);
    expect(run.stderr).toContain('external (asked for with --stack)');
    expect(run.exitCode).toBe(0);
    expect(await postgres.query(checksum)).toEqual(before);
    expect(await postgres.query(OURS)).toEqual([]);
  });

  test('says who refused, and shows no password', async () => {
    const refused = await runTally(verify, {
      ...env,
      DATABASE_URL: postgres.url.replace('its%20password', 'wrong-one'),
    });
    expect(refused.stderr).toMatch(
      /password authentication failed[\s\S]*\[H_STACK_EXTERNAL_DATABASE\]/,
    );
    expect(refused.stderr).not.toContain('wrong-one');
    expect(refused.exitCode).toBe(70);
  });
});
