import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Counter, Histogram, Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import { childEnvironment } from '#harness/config/env.ts';
import { serveHttp, TEXT_FORMAT } from '#harness/metrics/scripted-servers.ts';
import { runProgram } from '#harness/processes/run-program.ts';

/** Somebody else's service: one route, counted and timed. */
async function serveUsers(): Promise<string> {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests.',
    labelNames: ['route', 'status'],
    registers,
  });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Durations.',
    labelNames: ['route'],
    buckets: [0.1, 0.5, 2],
    registers,
  });
  const route = '/users/:id';
  requests.inc({ route, status: '200' }, 0);
  duration.zero({ route });
  return await serveHttp((request, response) => {
    if (request.url === '/metrics') {
      registry.metrics().then(
        (text) => response.writeHead(200, TEXT_FORMAT).end(text),
        () => response.destroy(),
      );
      return;
    }
    requests.inc({ route, status: '200' });
    duration.observe({ route }, 0.2);
    response.end('{}');
  });
}

/** A project that knows Tally by its name only, with these tests. */
async function createProject(tests: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'tally-outside-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await mkdir(join(root, 'node_modules'));
  await symlink(process.cwd(), join(root, 'node_modules/tally'));
  await symlink(join(process.cwd(), 'node_modules/vitest'), join(root, 'node_modules/vitest'));
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  for (const [name, text] of Object.entries(tests)) await writeFile(join(root, name), text);
  return root;
}

/** Runs vitest there; gives how it ended, and all that it printed. */
async function runVitest(root: string, variables: Record<string, string>) {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { succeeded, stdout, stderr } = await runProgram(process.execPath, [vitest, 'run'], {
    cwd: root,
    env: { ...childEnvironment(), ...variables },
    timeoutMs: 60_000,
  });
  return { succeeded, printed: `${stdout}${stderr}` };
}

const integration = { tags: ['integration'] };

test('the example of the README passes in a project of its own', integration, async () => {
  const readme = await readFile('harness/testing/README.md', 'utf8');
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const root = await createProject({ 'users.test.ts': example });
  const { succeeded, printed } = await runVitest(root, { SERVICE_URL: await serveUsers() });
  expect(printed).toContain('2 passed');
  expect(succeeded).toBe(true);
});

const WRONG = `
import { createMetricsReader } from 'tally/testing';
import { expect, test } from 'vitest';

const url = process.env.SERVICE_URL;
const metrics = createMetricsReader({ metricsUrl: url + '/metrics' });

test('states what is wrong', async () => {
  const movement = await metrics.during(() => fetch(url + '/users/7'), { name: 'one look-up' });
  expect(movement).toEqualMovement({
    'http_request_total{route="/users/:id",status="200"}': 1,
    'http_requests_total{route="/users/:id",status="404"}': 1,
    'http_request_duration_seconds{route="/users/:id"}': { upTo: 0.1 },
  });
});
`;

test('what is stated wrongly is shown beside what was found', integration, async () => {
  const root = await createProject({ 'users.test.ts': WRONG });
  const { succeeded, printed } = await runVitest(root, {
    SERVICE_URL: await serveUsers(),
    FORCE_COLOR: '1',
  });
  expect(succeeded).toBe(false);
  const [shown = ''] = /The metrics did not move[\s\S]*?lines stated\./.exec(printed) ?? [];
  expect(`\n${stripVTControlCharacters(shown)}\n`).toMatchInlineSnapshot(`
    "
    The metrics did not move as stated during one look-up:

           stated        found   series
    ✗           1            -   http_request_total{route="/users/:id",status="200"}
                                 missing: there is no metric http_request_total. Did you mean "http_requests_total"?
    ✗           1            -   http_requests_total{route="/users/:id",status="404"}
                                 missing: http_requests_total has no such labels. Did you mean "http_requests_total{route="/users/:id",status="200"}"?
    ✗           1            -   http_request_duration_seconds_bucket{le="0.1",route="/users/:id"}
                                 missing: it stays 0.
    ✗           -            1   http_requests_total{route="/users/:id",status="200"}
                                 unexplained: it went from 0 to 1.
                1            1   http_request_duration_seconds_count{route="/users/:id"}

    4 differences; 3 lines stated.
    "
  `);
  const [green, red] = ['\u001B[32m', '\u001B[31m'];
  expect(shown).toContain(`${green}      stated`);
  expect(shown).toContain(`${red}       found`);
});
