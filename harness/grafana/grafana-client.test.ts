import { describe, expect, test } from 'vitest';
import {
  frameOf,
  queryAnswer,
  SMALL,
  SOURCES,
  type SyntheticGrafana,
  serveSyntheticGrafana,
  TOKEN,
} from './grafana.fixture.ts';
import { createGrafanaClient, type GrafanaQuery } from './grafana-client.ts';

const HEADERS = { authorization: `Bearer ${TOKEN}` };
const QUERY: GrafanaQuery = {
  dataSource: 'prometheus',
  expr: 'rate(x[$__rate_interval])',
  isInstant: false,
  fromMs: 1_000,
  toMs: 61_000,
  intervalMs: 15_000,
  pointsMax: 100,
};

async function serve(answers: SyntheticGrafana['answers'] = {}) {
  const grafana = await serveSyntheticGrafana();
  Object.assign(grafana.answers, answers);
  return { grafana, client: createGrafanaClient({ url: grafana.url, headers: HEADERS }) };
}

describe('client of Grafana, by synthetic answers', () => {
  test('reads what is documented, and nothing whose form no source tells', async () => {
    const { grafana, client } = await serve();
    expect(await client.health()).toEqual({ database: 'ok', version: '12.4.0' });
    expect(await client.dataSourceHealth('prometheus')).toMatchObject({ status: 'OK' });
    expect(await client.searchDashboards()).toEqual([
      { uid: 'small', title: 'Small', folderUid: 'byom' },
      { uid: 'others', title: 'Of others', folderUid: '' },
    ]);
    expect(await client.dashboard('small')).toMatchObject(SMALL);
    expect(await client.query(QUERY)).toEqual({ hasData: true });
    expect(await client.alertRules('prometheus')).toEqual([
      { name: 'ErrorsHigh', type: 'alerting', health: 'ok' },
    ]);
    expect(grafana.requests.map(({ line }) => line).sort()).toEqual(Object.keys(SOURCES).sort());
  });

  test('sends a query as a panel does, with the built-in variables for Grafana to replace', async () => {
    const { grafana, client } = await serve();
    await client.query(QUERY);
    expect(grafana.requests[0]?.body).toEqual({
      from: '1000',
      to: '61000',
      queries: [
        {
          refId: 'A',
          datasource: { type: 'prometheus', uid: 'prometheus' },
          expr: 'rate(x[$__rate_interval])',
          instant: false,
          range: true,
          intervalMs: 15_000,
          maxDataPoints: 100,
        },
      ],
    });
  });

  test.for([
    ['no frame', queryAnswer(), { hasData: false }],
    ['a frame without points', queryAnswer(frameOf([])), { hasData: false }],
    ['NaN only', queryAnswer(frameOf([null], { NaN: [0] })), { hasData: false }],
    ['an infinity', queryAnswer(frameOf([null], { Inf: [0] })), { hasData: true }],
    ['a zero', queryAnswer(frameOf([null, 0])), { hasData: true }],
    [
      'a query that Prometheus refuses',
      { status: 400, body: { results: { A: { status: 400, error: 'parse error' } } } },
      { error: 'parse error' },
    ],
    [
      'a data source that is not there',
      { status: 404, body: { message: 'Data source not found' } },
      { error: 'Data source not found' },
    ],
  ] as const)('takes %s for what it is', async ([, answer, expected]) => {
    const { client } = await serve({ 'POST /api/ds/query': answer });
    expect(await client.query(QUERY)).toEqual(expected);
  });

  test('knows a data source and a dashboard that are not there', async () => {
    const { client } = await serve();
    expect(await client.dataSourceHealth('other')).toEqual({
      status: 'ERROR',
      message: 'Not found',
    });
    expect(await client.dashboard('other')).toBeUndefined();
  });

  test('says that Grafana refuses, is away, or is none, and shows no token', async () => {
    const { grafana } = await serve({ 'GET /api/health': { body: ['no', 'grafana'] } });
    const wrong = { authorization: 'Bearer glsa_wrong' };
    const refused = createGrafanaClient({ url: grafana.url, headers: wrong });
    const error = await refused.searchDashboards().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'H_GRAFANA_AWAY',
      message: expect.stringContaining('/api/search: HTTP 401'),
    });
    expect(String(error)).not.toContain('glsa_wrong');
    const away = createGrafanaClient({ url: 'http://127.0.0.1:9' });
    await expect(away.health()).rejects.toMatchObject({ code: 'H_GRAFANA_AWAY' });
    const none = createGrafanaClient({ url: grafana.url, headers: HEADERS });
    await expect(none.health()).rejects.toMatchObject({ code: 'H_GRAFANA_ANSWER' });
  });
});
