import { describe, expect, test } from 'vitest';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { PromqlClient } from '#harness/metrics/promql-client.ts';
import { checkPanels } from './check-panels.ts';
import { type Dashboard, parseDashboard } from './load-dashboards.ts';

const SERIES = [
  { __name__: 'tokens_total', job: 'service', model: 'gpt-4.1' },
  { __name__: 'tokens_total', job: 'service', model: 'other' },
];

interface Scripted {
  /** Of every query. */
  samples?: readonly number[];
  /** Of every query at the fence. */
  fenced?: readonly number[];
  /** Models without data of their own. */
  silent?: readonly string[];
  /** Metrics that are gone, with the time of their last sample. */
  gone?: Readonly<Record<string, number>>;
  isRefused?: boolean;
}

/** A Prometheus with the models of SERIES, in which a query has the samples that are given. */
function scriptedPromql(scripted: Scripted) {
  const { samples = [0], fenced = [], silent = [], gone = {}, isRefused = false } = scripted;
  const asked: string[] = [];
  const promql: Pick<PromqlClient, 'instant' | 'stored' | 'families'> = {
    families: async () => new Set(['unknown_yet', 'seconds']),
    instant: async (query) => {
      if (query.includes('by (model)')) return SERIES.map(({ model }) => rowOf({ model }));
      if (query.includes('by (job)')) return [rowOf({ job: 'service' })];
      return fenced.map((value) => rowOf({}, value));
    },
    stored: async (query) => {
      if (!query.startsWith('(')) return goneSeries(gone[query.replace(/\[.*/, '')]);
      asked.push(query);
      if (isRefused) {
        throw new HarnessError('parse error', {
          code: 'H_METRICS_QUERY_REFUSED',
          fix: 'Correct it.',
        });
      }
      if (silent.some((model) => query.includes(`model=~"${model}"`))) return [];
      return [{ labels: {}, samples: samples.map((value, atSeconds) => ({ atSeconds, value })) }];
    },
  };
  return { promql: promql as PromqlClient, asked };
}

function rowOf(labels: Record<string, string>, value = 1) {
  return { labels, value, text: String(value) };
}

function goneSeries(atSeconds: number | undefined) {
  return atSeconds === undefined ? [] : [{ labels: {}, samples: [{ atSeconds, value: 1 }] }];
}

function dashboardWith(expr: string): Dashboard {
  const variable = { type: 'query', multi: false, includeAll: false };
  return parseDashboard({
    uid: 'cost',
    title: 'Cost',
    editable: false,
    templating: {
      list: [
        { ...variable, name: 'job', query: 'label_values(tokens_total, job)' },
        {
          ...variable,
          name: 'model',
          query: 'label_values(tokens_total{job="$job"}, model)',
          multi: true,
          includeAll: true,
        },
      ],
    },
    panels: [
      {
        id: 3,
        type: 'timeseries',
        title: 'Tokens',
        description: '',
        targets: [{ refId: 'A', expr, legendFormat: '', instant: false }],
      },
    ],
  });
}

async function check(
  expr: string,
  { reasons = {}, ...scripted }: Scripted & { reasons?: Record<string, string> },
) {
  const { promql, asked } = scriptedPromql(scripted);
  const { findings } = await checkPanels([dashboardWith(expr)], {
    promql,
    atSeconds: 1_001,
    drawn: { rangeMs: 3_600_000, scrapeIntervalMs: 100, pointsMax: 360 },
    signal: AbortSignal.timeout(5_000),
    series: SERIES,
    fences: [1_000],
    reasons,
  });
  return { messages: findings.map(({ message }) => message), asked };
}

const GOOD = 'rate(tokens_total{job="$job", model=~"$model"}[$__rate_interval])';
const REASON = { 'cost/3/A': 'a run has no yesterday' };

describe('checkPanels', () => {
  test('asks as Grafana does, and is content with a zero', async () => {
    expect(await check(GOOD, {})).toEqual({
      messages: [],
      asked: [
        '(rate(tokens_total{job="service", model=~"(gpt-4\\\\.1|other)"}[10100ms])\n)[3600000ms:10000ms]',
        '(rate(tokens_total{job="service", model=~"gpt-4\\\\.1"}[10100ms])\n)[3600000ms:10000ms]',
      ],
    });
  });

  test('NaN and nothing are no data', async () => {
    const message = `"Cost" / "Tokens": It shows nothing, although there are series for each selector.\nquery: ${GOOD}`;
    expect((await check(GOOD, { samples: [Number.NaN] })).messages).toEqual([message]);
    expect((await check(GOOD, { samples: [] })).messages).toEqual([message]);
    expect((await check(GOOD, { samples: [], reasons: REASON })).messages).toEqual([]);
  });

  test('what lived between two points that are drawn had data at its fence', async () => {
    expect((await check(GOOD, { samples: [], fenced: [0] })).messages).toEqual([]);
    expect((await check(GOOD, { samples: [], fenced: [Number.NaN] })).messages).toHaveLength(1);
  });

  test('a reason tells why there is no data, and not why there is no such metric', async () => {
    const empty = { samples: [], reasons: REASON };
    for (const declared of ['unknown_yet', 'seconds_bucket', 'tokens_total{model="none"}']) {
      expect((await check(`sum(${declared})`, empty)).messages).toEqual([]);
    }
    expect((await check('sum(token_total{job="$job"})', empty)).messages).toEqual([
      `"Cost" / "Tokens": token_total{job="service"}: there is no metric token_total, with or without data. Did you mean "tokens_total"?\nquery: sum(token_total{job="$job"})`,
    ]);
  });

  test('a reason that is not needed, or belongs to no query, is a finding', async () => {
    expect((await check(GOOD, { reasons: REASON })).messages).toEqual([
      `"Cost" / "Tokens": It has data, and the reason says none: a run has no yesterday\nquery: ${GOOD}`,
    ]);
    expect((await check(GOOD, { reasons: { 'cost/4/A': 'gone' } })).messages).toEqual([
      'tally.config.ts says why cost/4/A is empty, and no dashboard has that query.',
    ]);
  });

  test.for([
    ['token_total', 'there is no metric token_total. Did you mean "tokens_total"?'],
    ['tokens_total{model="$modle"}', 'There is no variable $modle. Did you mean "model"?'],
    ['tokens_total{model="x"}', 'no series has model="x"; seen: gpt-4.1, other.'],
    ['tokens_total{modle="other"}', 'the metric has no label modle. Did you mean "model"?'],
    ['tokens_total{model="$model"}', 'Grafana writes $model as several values, for =~.'],
    ['tokens_total{job=~"$job"}', 'Grafana writes $job as one value, for =.'],
  ] as const)('%s: %s', async ([expr, message]) => {
    expect((await check(expr, {})).messages).toEqual([expect.stringContaining(message)]);
  });

  test('a part that shows nothing is a finding, also beside one that does', async () => {
    expect((await check('tokens_total or token_total', {})).messages).toEqual([
      expect.stringContaining(
        'A part of it shows nothing. token_total: there is no metric token_total.',
      ),
    ]);
    expect((await check('token_total', { samples: [] })).messages).toEqual([
      expect.stringContaining(
        '"Tokens": It shows nothing. token_total: there is no metric token_total.',
      ),
    ]);
  });

  test('a metric that was there and is gone is told apart from one that never was', async () => {
    expect((await check('old_total', { samples: [], gone: { old_total: 980 } })).messages).toEqual([
      expect.stringContaining('It shows nothing. old_total: it is gone; its last sample is 21.0 s'),
    ]);
  });

  test('with one value chosen there is data for some value, not for each', async () => {
    expect((await check(GOOD, { silent: ['gpt-4\\\\.1'] })).messages).toEqual([]);
    expect((await check(GOOD, { silent: ['gpt-4\\\\.1', 'other'] })).messages).toEqual([
      expect.stringContaining(
        'With one model chosen it shows nothing, whichever it is: gpt-4.1, other.',
      ),
    ]);
  });

  test('a query that Prometheus refuses is a finding', async () => {
    expect((await check('sum(tokens_total[5m])', { isRefused: true })).messages).toEqual([
      expect.stringContaining('parse error'),
    ]);
  });
});
