import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runTally } from './run-tally.ts';
import { writeShortConfig } from './short-config.fixture.ts';

const tags = ['integration'];
const slowTags = [...tags, 'slow'];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

function configWith(name: string, service: string, more?: string): Promise<string> {
  return writeShortConfig(join(folder, name), { service, more });
}

describe('tally doctor', () => {
  test('lists what is here, and passes where nothing is missing', { tags }, async () => {
    const run = await runTally(['doctor']);
    expect(run.stdout, run.stderr).toMatch(/ok +Node[\s\S]*ok +Postgres/);
    expect(run.exitCode, run.stderr).toBe(0);
  });

  test('says what to do about what is missing', { tags }, async () => {
    const run = await runTally(['doctor', '--config', '/nowhere/tally.config.ts'], {
      TALLY_CACHE_DIR: '/dev/null/tally',
    });
    expect(run.stdout, run.stderr).toMatch(/missing +cache[\s\S]*fix: /);
    expect(run.stdout, run.stderr).toMatch(/missing +configuration[\s\S]*fix: /);
    expect(run.exitCode, run.stderr).toBe(70);
  });

  test('says what goes unjudged without a Grafana', { tags }, async () => {
    const nowhere = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
    const without = await runTally(['doctor'], nowhere);
    expect(without.stdout, without.stderr).toMatch(
      /absent +Grafana +no image \S+ and no GRAFANA_URL: the gate "grafana" does not run/,
    );
    const external = await runTally(['doctor'], { ...nowhere, GRAFANA_URL: 'http://me:pw@g:1/x/' });
    expect(external.stdout, external.stderr).toMatch(/ok +Grafana +http:\/\/g:1\/x, for --stack/);
  });
});

// Each run has servers and ports of its own, and waits most of its time for the first scrape.
describe.concurrent('tally verify', () => {
  test('writes a verdict that tools can read, and points latest at it', { tags }, async () => {
    const config = await configWith('good', '');
    const run = await runTally(['verify', '--config', config, '--seed', 'cli']);
    expect(run.stderr).toContain('waiting for Prometheus');
    expect(run.stdout, run.stderr).toMatch(/passed +reconciliation[\s\S]*PASS/);
    expect(run.exitCode, run.stderr).toBe(0);
    const latest = join(folder, 'good', '.tally', 'latest');
    const verdict: unknown = JSON.parse(await readFile(join(latest, 'verdict.json'), 'utf8'));
    expect(verdict).toMatchObject({
      verdict: 'PASS',
      profile: 'local',
      seed: 'cli',
      commit: null,
      durationMs: expect.any(Number),
      gates: expect.arrayContaining([
        expect.objectContaining({ name: 'coverage', status: 'not-run' }),
      ]),
      facts: expect.arrayContaining([
        expect.objectContaining({ name: 'model_requests_total', wire: '6', equal: true }),
      ]),
    });
    expect(await readFile(join(latest, 'summary.md'), 'utf8')).toContain('# Tally: PASS');
  });

  test('exits with 1 and names every value when witnesses differ', { tags: slowTags }, async () => {
    const wrong = `facts: config.facts.map((fact) => fact.name === 'http_total_requests'
      ? { ...fact, promql: fact.promql + ' + 1' } : fact),`;
    const config = await configWith('differing', '', wrong);
    const run = await runTally(['verify', '--config', config]);
    expect(run.stdout, run.stderr).toContain(
      'http_total_requests differs: wire 6, summary 6, promql 7.',
    );
    expect(run.exitCode, run.stderr).toBe(1);
  });

  test('exits with 2 when a required gate did not run', { tags: slowTags }, async () => {
    const config = await configWith('no-tests', '');
    const run = await runTally(['verify', '--config', config, '--profile', 'ci']);
    expect(run.stdout, run.stderr).toMatch(/not run +coverage +the configuration names no tests/);
    expect(run.exitCode, run.stderr).toBe(2);
  });

  test('shows the log of a service that never gets ready', { tags: slowTags }, async () => {
    const script = JSON.stringify('console.log("still warming up"); setInterval(() => {}, 1000);');
    const config = await configWith(
      'slow',
      `command: ['node', '-e', ${script}], readyTimeoutMs: 3_000`,
    );
    const run = await runTally(['verify', '--config', config]);
    expect(run.stderr).toMatch(/not ready within 3000 ms[\s\S]*still warming up/);
    expect(run.stderr).toContain('[H_SERVICE_NOT_READY]');
    expect(run.exitCode, run.stderr).toBe(70);
  });

  test('says which port is in use', { tags: slowTags }, async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const run = await runTally(['verify', '--config', await configWith('port', `port: ${port}`)]);
    taken.close();
    expect(run.stderr).toContain(`127.0.0.1:${port}`);
    expect(run.stderr).toContain('[H_SERVICE_PORT_IN_USE]');
    expect(run.exitCode, run.stderr).toBe(70);
  });

  test('says what was tried when there is no Prometheus to be had', { tags }, async () => {
    const run = await runTally(['verify', '--config', await configWith('nowhere', '')], {
      PATH: '/nonexistent',
      TALLY_CACHE_DIR: join(folder, 'empty-cache'),
      TALLY_PROMETHEUS_MIRROR: 'http://127.0.0.1:9',
    });
    expect(run.stderr).toContain('http://127.0.0.1:9');
    expect(run.stderr).toMatch(/fix: .*TALLY_PROMETHEUS_MIRROR/);
    expect(run.exitCode, run.stderr).toBe(70);
  });

  test('leaves the witnesses alone when a migration fails, and shows its output', {
    tags,
  }, async () => {
    const script = JSON.stringify('console.error("relation users exists"); process.exit(3);');
    const database = `database: { ...config.service.database, migrate: [['node', '-e', ${script}]] }`;
    const run = await runTally(['verify', '--config', await configWith('migration', database)]);
    expect(run.stderr).toMatch(/exit code 3[\s\S]*relation users exists/);
    expect(run.exitCode, run.stderr).toBe(70);
  });
});
