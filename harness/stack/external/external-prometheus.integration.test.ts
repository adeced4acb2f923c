import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { loadHarnessEnvironment, processEnvironment } from '#harness/config/env.ts';
import { pollUntil } from '#harness/metrics/poll-until.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import { serveHttp, serveMetrics } from '#harness/metrics/scripted-servers.ts';
import { findFreePort } from '#harness/processes/free-port.ts';
import { connectExternalPrometheus } from './prometheus/connect-external-prometheus.ts';
import { scrapeJob } from './prometheus/scrape-job.ts';
import { type SomebodysPrometheus, startSomebodysPrometheus } from './somebodys-servers.fixture.ts';

const tags = ['integration'];
const { cacheDir } = loadHarnessEnvironment();
const SECRET = 'glsa_of-the-test';
const TENANT = { 'x-scope-orgid': 'team-a', authorization: `Bearer ${SECRET}` };

let listen: { host: string; port: number };
let somebodys: SomebodysPrometheus;

beforeAll(async () => {
  listen = { host: '127.0.0.1', port: (await findFreePort()) ?? 0 };
  somebodys = await startSomebodysPrometheus(scrapeJob(listen));
});
afterAll(() => somebodys[Symbol.asyncDispose]());

async function connect(url: string, headers: Record<string, string> = {}, port = listen.port) {
  const prometheus = await connectExternalPrometheus({
    endpoint: { url, headers },
    listen: { ...listen, port },
    cacheDir,
    env: processEnvironment(),
    stackName: 'external-test',
    progress: () => undefined,
  });
  onTestFinished(() => prometheus.stop());
  return prometheus;
}

/** As Mimir stands before its querier: a path, a tenant, a token; no list of targets. */
async function serveTenant(): Promise<string> {
  const url = await serveHttp((request, response) => {
    const isKnown = Object.entries(TENANT).every(
      ([name, value]) => request.headers[name] === value,
    );
    if (!isKnown) {
      response.writeHead(401).end(`no org id in ${JSON.stringify(request.headers)}`);
      return;
    }
    const path = request.url?.replace('/prometheus/', '/') ?? '';
    if (path === request.url || path.startsWith('/api/v1/targets')) {
      response.writeHead(404).end('404 page not found');
      return;
    }
    void fetch(`${somebodys.url}${path}`, { signal: AbortSignal.timeout(5_000) }).then(
      async (answer) => response.writeHead(answer.status).end(await answer.text()),
    );
  });
  return `${url}/prometheus`;
}

describe('somebody’s Prometheus', { tags }, () => {
  test('scrapes through Tally’s address, behind a path with a tenant and a token', async () => {
    const { server } = await connect(await serveTenant(), TENANT);
    expect(server).toMatchObject({
      scrapeIntervalMs: 1_000,
      version: expect.stringMatching(/^\d/),
    });
    const service = await serveMetrics();
    service.epoch.set(7);
    const slot = await server.claimSlot();
    slot.pointTo(service.metricsUrl);
    const promql = createPromqlClient(server);
    const scraped = await pollUntil(
      async (signal) => (await promql.instant(`epoch{${slot.selector}}`, { signal }))[0]?.value,
      { everyMs: 50, timeoutMs: 10_000, onTimeout: () => new Error('no scrape') },
    );
    expect(scraped).toBe(7);
    // What somebody scrapes beside it is there still, and no part of the slot.
    const [own] = await promql.instant('count by (job) (up{job="own"})');
    expect(own).toMatchObject({ labels: { job: 'own' }, value: 1 });
  });

  test('gives no slot twice, nor one in which an earlier run was seen', async () => {
    const run = await connect(somebodys.url);
    const service = await serveMetrics();
    const slots = [await run.server.claimSlot(), await run.server.claimSlot()];
    slots[0]?.pointTo(service.metricsUrl);
    await expect.poll(() => service.reads, { timeout: 10_000 }).toBeGreaterThan(1);
    await run.stop();
    const next = await connect(somebodys.url);
    const [first, unused] = slots.map(({ selector }) => selector);
    const selectors = await Promise.all(slots.map(() => next.server.claimSlot()));
    expect(selectors.map(({ selector }) => selector)).not.toContain(first);
    expect(selectors.map(({ selector }) => selector)).toContain(unused);
  });

  test('without the job is told which one to add', { tags: ['slow'] }, async () => {
    await using other = await startSomebodysPrometheus();
    const refused = await connect(other.url).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'H_STACK_NOT_SCRAPED' });
    expect(String(refused)).toContain('it has no job "tally-service" within 8 s');
    expect(String(refused)).toContain(scrapeJob(listen));
  });

  test('that refuses is told apart from one that is away, and no secret is shown', async () => {
    const url = await serveTenant();
    const wrong = { ...TENANT, authorization: 'Bearer glsa_wrong-token' };
    const refused = String(await connect(url, wrong).catch((error: unknown) => error));
    expect(refused).toMatch(/refuses: HTTP 401, "no org id[\s\S]*\[H_STACK_EXTERNAL_PROMETHEUS\]/);
    expect(refused).not.toContain('glsa_wrong-token');
    await expect(connect(`http://127.0.0.1:${await findFreePort()}`)).rejects.toThrow(
      /cannot be reached: .*ECONNREFUSED/,
    );
    const elsewhere = url.replace('/prometheus', '');
    await expect(connect(elsewhere, TENANT)).rejects.toThrow('is no API of Prometheus: HTTP 404');
  });

  test('is not waited for where somebody else listens', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await expect(connect(somebodys.url, {}, port)).rejects.toMatchObject({
      code: 'H_STACK_SCRAPE_LISTEN',
    });
  });
});
