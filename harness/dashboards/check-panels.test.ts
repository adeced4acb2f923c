import { describe, expect, test } from 'vitest';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { PromqlClient } from '#harness/metrics/promql-client.ts';
import { checkPanels } from './check-panels.ts';
import type { Dashboard } from './load-dashboards.ts';

const SERIES = [
  { __name__: 'tokens_total', job: 'service', model: 'gpt-4.1' },
  { __name__: 'tokens_total', job: 'service', model: 'other' },
];

/** A Prometheus with the models of SERIES, in which a query has the samples that are given. */
function scriptedPromql(samples: readonly number[], refused = false) {
  const asked: string[] = [];
  const promql: Pick<PromqlClient, 'instant' | 'stored'> = {
    instant: async (query) =>
      query.includes('(model)')
        ? SERIES.map(({ model }) => ({ labels: { model }, value: 1, text: '1' }))
        : [{ labels: { job: 'service' }, value: 1, text: '1' }],
    stored: async (query) => {
      asked.push(query);
      if (refused) {
        throw new HarnessError('parse error', {
          code: 'H_METRICS_QUERY_REFUSED',
          fix: 'Correct it.',
        });
      }
      return [{ labels: {}, samples: samples.map((value, atSeconds) => ({ atSeconds, value })) }];
    },
  };
  return { promql: promql as PromqlClient, asked };
}

function dashboardWith(expr: string): Dashboard {
  const variable = { type: 'query', multi: false, includeAll: false };
  return {
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
  };
}

async function check(
  expr: string,
  { samples = [0], refused = false, reasons = {} as Record<string, string> },
) {
  const { promql, asked } = scriptedPromql(samples, refused);
  const { findings } = await checkPanels([dashboardWith(expr)], {
    promql,
    atSeconds: 1_001,
    drawn: { rangeMs: 3_600_000, scrapeIntervalMs: 100, pointsMax: 360 },
    signal: AbortSignal.timeout(5_000),
    series: SERIES,
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
      ],
    });
  });

  test('NaN and nothing are no data', async () => {
    const message = `"Cost" / "Tokens": It shows nothing, although there are series for each selector.\nquery: ${GOOD}`;
    expect((await check(GOOD, { samples: [Number.NaN] })).messages).toEqual([message]);
    expect((await check(GOOD, { samples: [] })).messages).toEqual([message]);
    expect((await check(GOOD, { samples: [], reasons: REASON })).messages).toEqual([]);
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
    [
      'tokens_total{model="$model"}',
      'no series has model="(gpt-4\\.1|other)"; seen: gpt-4.1, other.',
    ],
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

  test('a query that Prometheus refuses is a finding', async () => {
    expect((await check('sum(tokens_total[5m])', { refused: true })).messages).toEqual([
      expect.stringContaining('parse error'),
    ]);
  });
});
