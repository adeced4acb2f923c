import { resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readSummary } from '#contracts/summary/read-summary.ts';
import { loadAlerts } from '#harness/alerts/load-alerts.ts';
import { type ComposeProject, listVolumes, startComposeProject } from './compose-project.ts';
import { findCompose } from './find-compose.ts';

const UP_TIMEOUT_MS = 300_000;
/** Two scrapes or evaluations; Alertmanager waits as long for more alerts of a group. */
const LIMIT = { timeout: 45_000, interval: 250 };

const NO_GRAFANA = 'the Docker engine has no image of it';

let found: Awaited<ReturnType<typeof findCompose>>;
let project: ComposeProject;

describe('docker compose up', { tags: ['integration', 'slow'], shuffle: false }, () => {
  beforeAll(async () => {
    found = await findCompose();
    if (!('absent' in found)) project = await startComposeProject(found);
  }, UP_TIMEOUT_MS);

  afterAll(async () => await project?.[Symbol.asyncDispose]());
  beforeEach(({ skip }) => {
    if ('absent' in found) skip(found.absent);
  });

  describe.concurrent('brings up', () => {
    test('a service whose summary tells what the simulator sends through it', async ({
      expect,
    }) => {
      const url = await project.url('service', 3000);
      expect(await ask(`${url}/health`, z.unknown())).toEqual({ status: 'ok' });
      const log = async () => await project.logs('simulator');
      await expect.poll(log, LIMIT).toMatch(/round 1: \d+ scenarios played/);
      const [, played] = /round 1: (\d+)/.exec(await log()) ?? [];
      const { http_summary, models_summary, providers_summary } = await read(url);
      expect(http_summary.total_requests).toBeGreaterThan(Number(played));
      expect(models_summary.tokens_used_total).toBeGreaterThan(0);
      expect(models_summary.cost_usd_total).toBeGreaterThan(0);
      expect(providers_summary.total_providers).toBe(4);
    });

    test('an Alertmanager that delivers pages and tickets', async ({ expect }) => {
      const alertmanager = await project.url('alertmanager', 9093);
      const receivers = ['page', 'ticket'];
      const alerts = receivers.map((severity) => ({
        labels: { alertname: 'Rehearsal', severity },
      }));
      await post(`${alertmanager}/api/v2/alerts`, alerts);
      for (const receiver of receivers)
        await expect
          .poll(async () => await project.logs('alert-receiver'), LIMIT)
          .toContain(`/${receiver} firing {"alertname":"Rehearsal","severity":"${receiver}"}\n`);
    });

    test('a Prometheus that scrapes the service, which is in production', async ({ expect }) => {
      const prometheus = await project.url('prometheus', 9090);
      const targets = async () => (await ask(`${prometheus}/api/v1/targets`, targetsSchema)).data;
      await expect.poll(targets, LIMIT).toEqual({
        activeTargets: [{ scrapeUrl: 'http://service:3000/metrics', health: 'up', lastError: '' }],
      });
      const query = `${prometheus}/api/v1/query?query=byom_production{job="service"}`;
      // It says that it has scraped before it can be asked for what it scraped.
      await expect
        .poll(async () => (await ask(query, querySchema)).data.result, LIMIT)
        .toEqual([{ value: [expect.any(Number), '1'] }]);
    });

    test('a Prometheus that evaluates all alerts, and tells them to this Alertmanager only', async ({
      expect,
    }) => {
      const prometheus = await project.url('prometheus', 9090);
      const { alerts } = await loadAlerts({
        rules: resolve('prometheus/rules'),
        tests: resolve('prometheus/tests'),
      });
      const rules = async () => {
        const { groups } = (await ask(`${prometheus}/api/v1/rules`, rulesSchema)).data;
        return Object.fromEntries(groups.flatMap((group) => group.rules.map(entryOf)));
      };
      const healthy = Object.fromEntries(alerts.map(({ alert }) => [alert, 'ok']));
      await expect.poll(rules, LIMIT).toEqual(healthy);
      const { data } = await ask(`${prometheus}/api/v1/alertmanagers`, alertmanagersSchema);
      expect(data).toEqual({
        activeAlertmanagers: [{ url: 'http://alertmanager:9093/api/v2/alerts' }],
        droppedAlertmanagers: [],
      });
    });

    test('a service that counted in its process what its database holds', async ({ expect }) => {
      const url = await project.url('service', 3000);
      const difference = async () => {
        const { models_summary, business_summary } = await read(url);
        return {
          tokens: models_summary.tokens_used_total - Number(business_summary.total_tokens_used),
          costUsd: models_summary.cost_usd_total - Number(business_summary.total_cost_usd),
        };
      };
      // Within a round of the simulator a row may not be written yet.
      await expect.poll(difference, LIMIT).toEqual({ tokens: 0, costUsd: 0 });
    });

    test('a Grafana', async ({ expect, skip }) => {
      if (!hasGrafana()) {
        process.stderr.write(`Grafana of docker compose: not run, since ${NO_GRAFANA}\n`);
        skip(NO_GRAFANA);
      }
      const health = await ask(`${await project.url('grafana', 3000)}/api/health`, z.unknown());
      expect(health).toMatchObject({ database: 'ok' });
    });

    test('nothing that other machines can reach', async ({ expect }) => {
      const published = (await project.containers()).flatMap((container) =>
        container.published.map((port) => `${container.service}: ${port}`),
      );
      expect(published.sort()).toEqual([
        'alertmanager: 127.0.0.1 to 9093',
        ...(hasGrafana() ? ['grafana: 127.0.0.1 to 3000'] : []),
        'prometheus: 127.0.0.1 to 9090',
        'service: 127.0.0.1 to 3000',
      ]);
    });

    test.for(['service', 'simulator', 'alert-receiver'])(
      'the %s, which is not root',
      async (service, { expect }) => {
        // Real, effective, saved and of the file system.
        const users = await project.exec(service, ['grep', '^Uid:', '/proc/1/status']);
        expect(users.trim().split(/\s+/)).toEqual(['Uid:', '65532', '65532', '65532', '65532']);
      },
    );
  });

  test('leaves nothing when it is taken down', async () => {
    const volumes = (await project.containers()).flatMap((container) => container.volumes);
    expect(await listVolumes()).toEqual(expect.arrayContaining(volumes));
    expect(await project.networks()).toHaveLength(1);
    await project.down();
    expect(await project.containers()).toEqual([]);
    expect(await project.networks()).toEqual([]);
    const left = new Set(await listVolumes());
    expect(volumes.filter((volume) => left.has(volume))).toEqual([]);
  });
});

function hasGrafana(): boolean {
  return !('absent' in found) && found.services.includes('grafana');
}

async function read(url: string) {
  return await readSummary({ service: { url } });
}

const targetsSchema = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({ scrapeUrl: z.string(), health: z.string(), lastError: z.string() }),
    ),
  }),
});
const querySchema = z.object({
  data: z.object({ result: z.array(z.object({ value: z.unknown() })) }),
});
const rulesSchema = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({ name: z.string(), health: z.string(), lastError: z.string().default('') }),
        ),
      }),
    ),
  }),
});
const alertmanagersSchema = z.object({ data: z.unknown() });

function entryOf({ name, health, lastError }: Record<'name' | 'health' | 'lastError', string>) {
  return [name, `${health} ${lastError}`.trim()] as const;
}

async function ask<S extends z.ZodType>(url: string, schema: S): Promise<z.infer<S>> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(LIMIT.timeout) });
  return schema.parse(await answer.json());
}

async function post(url: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const signal = AbortSignal.timeout(LIMIT.timeout);
  const { status } = await fetch(url, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    signal,
  });
  expect(status).toBe(200);
}
