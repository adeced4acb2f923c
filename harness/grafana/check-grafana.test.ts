import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadDashboards } from '#harness/dashboards/load-dashboards.ts';
import type { PromqlClient } from '#harness/metrics/promql-client.ts';
import { checkGrafanaPanels } from './check-grafana-panels.ts';
import { checkProvisioned } from './check-provisioned.ts';
import { checkServers } from './check-servers.ts';
import {
  frameOf,
  queryAnswer,
  SMALL,
  type SyntheticGrafana,
  serveSyntheticGrafana,
  TOKEN,
} from './grafana.fixture.ts';
import { createGrafanaClient } from './grafana-client.ts';

const RUN = {
  dataSource: 'prometheus',
  alerts: ['ErrorsHigh'],
  selector: 'job="x"',
  toMs: 1_700_000_000_000,
};
const RULES = 'GET /api/prometheus/prometheus/api/v1/rules';
const groups = (rules: object[]) => ({ body: { data: { groups: [{ rules }] } } });

async function serve(answers: SyntheticGrafana['answers'] = {}) {
  const grafana = await serveSyntheticGrafana();
  Object.assign(grafana.answers, answers);
  const headers = { authorization: `Bearer ${TOKEN}` };
  return { grafana, client: createGrafanaClient({ url: grafana.url, headers }) };
}

async function folderWith(dashboard: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'grafana-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'small.json'), JSON.stringify(dashboard));
  return folder;
}

describe('Grafana and its data source, by synthetic answers', () => {
  test('are as they should be', async () => {
    const { client } = await serve();
    expect(await checkServers(client, RUN)).toEqual([]);
  });

  test.for([
    [
      { 'GET /api/health': { status: 503, body: { database: 'failing' } } },
      `Grafana's own database is "failing".`,
    ],
    [
      {
        'GET /api/datasources/uid/prometheus/health': {
          status: 400,
          body: { status: 'ERROR', message: 'connection refused' },
        },
      },
      'The data source "prometheus" is not well: connection refused.',
    ],
    [
      { 'POST /api/ds/query': queryAnswer() },
      'The data source "prometheus" is not the Prometheus that saw this run: up{job="x"}: it has no such series.',
    ],
    [{ [RULES]: groups([]) }, 'ErrorsHigh: Grafana does not list it.'],
    [
      { [RULES]: groups([{ name: 'ErrorsHigh', type: 'alerting', health: 'err' }]) },
      'ErrorsHigh: Grafana says that its evaluation fails.',
    ],
  ] as const)('are not as they should be: %j', async ([answers, message]) => {
    const { client } = await serve(answers);
    expect(await checkServers(client, RUN)).toMatchObject([{ message }]);
  });
});

describe('dashboards in Grafana, by synthetic answers', () => {
  test('are those of the files, whatever others Grafana has elsewhere', async () => {
    const { client } = await serve();
    expect(await checkProvisioned(client, await folderWith(SMALL))).toEqual([]);
  });

  test('differ from their file, are missing, or have no file', async () => {
    const { client } = await serve();
    const edited = { ...SMALL, title: 'Large' };
    expect(await checkProvisioned(client, await folderWith(edited))).toMatchObject([
      {
        check: 'grafana/small/provisioned',
        message:
          'small: Grafana has another one in 1 places: dashboard.title is "Large" in the file, "Small" in Grafana.',
      },
    ]);
    expect(await checkProvisioned(client, await folderWith({ uid: 'new' }))).toMatchObject([
      { message: 'new: Grafana does not have it.' },
    ]);
    const strange = { uid: 'strange', title: 'Strange', folderUid: 'byom' };
    const more = await serve({
      'GET /api/search': { body: [{ uid: 'small', title: 'Small', folderUid: 'byom' }, strange] },
    });
    expect(await checkProvisioned(more.client, await folderWith(SMALL))).toMatchObject([
      { check: 'grafana/strange/file' },
    ]);
  });
});

describe('panels asked through Grafana, by synthetic answers', () => {
  const options = {
    dataSource: 'prometheus',
    reasons: {},
    promql: {} as PromqlClient, // No variable is to be chosen.
    atSeconds: 1_700_000_000.123,
    fences: [],
    drawn: { rangeMs: 3_600_000, pointsMax: 360, scrapeIntervalMs: 100 },
    signal: AbortSignal.timeout(10_000),
  };

  async function check(
    answers: SyntheticGrafana['answers'],
    { expr, ...more }: { expr?: string; reasons?: Record<string, string>; fences?: number[] } = {},
  ) {
    const { grafana, client } = await serve(answers);
    const [panel] = SMALL.panels;
    const targets = expr === undefined ? panel?.targets : [{ refId: 'A', expr }];
    const folder = await folderWith({ ...SMALL, panels: [{ ...panel, targets }] });
    const dashboards = await loadDashboards(folder);
    const result = await checkGrafanaPanels(dashboards, { ...options, ...more, grafana: client });
    return { ...result, asked: grafana.requests.map(({ body }) => body) };
  }

  test('have data; the range ends after the run, at a step', async () => {
    const { queries, findings, asked } = await check({});
    expect({ queries, findings }).toEqual({ queries: 1, findings: [] });
    expect(asked).toMatchObject([
      {
        from: '1699996410000',
        to: '1700000010000',
        queries: [{ expr: 'rate(requests_total[$__rate_interval])' }],
      },
    ]);
  });

  test.for([
    ['show nothing', { 'POST /api/ds/query': queryAnswer() }, {}, 'it shows nothing.'],
    [
      'have NaN only',
      { 'POST /api/ds/query': queryAnswer(frameOf([null], { NaN: [0] })) },
      {},
      'it shows nothing.',
    ],
    [
      'fail',
      { 'POST /api/ds/query': { status: 400, body: { results: { A: { error: 'parse error' } } } } },
      {},
      'the data source failed: parse error',
    ],
    ['name an unknown variable', {}, { expr: 'up{job="$jbo"}' }, 'There is no variable $jbo'],
  ] as const)('%s', async ([, answers, panel, message]) => {
    const { findings } = await check(answers, panel);
    expect(findings).toMatchObject([{ check: 'grafana/small/1/A' }]);
    expect(findings[0]?.message).toContain(message);
  });

  test('may be drawn past their data, which an instant shows', async () => {
    const nothing = { 'POST /api/ds/query': queryAnswer() };
    const { asked } = await check(nothing, { fences: [1_699_999_990.5] });
    expect(asked).toMatchObject([
      { to: '1700000010000', queries: [{ instant: false }] },
      { to: '1699999990500', queries: [{ instant: true }] },
    ]);
  });

  test('may show nothing for a written reason', async () => {
    const nothing = { 'POST /api/ds/query': queryAnswer() };
    const { findings } = await check(nothing, { reasons: { 'small/1/A': 'a day is needed' } });
    expect(findings).toEqual([]);
  });
});
