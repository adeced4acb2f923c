import { describe, expect, test } from 'vitest';
import { parseDashboard } from '#harness/dashboards/load-dashboards.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { PromqlClient } from '#harness/metrics/promql-client.ts';
import { drawDashboards } from './draw-dashboards.ts';

/** Two points a second apart of two models; the second model has none at first, and then no number. */
const promql: Pick<PromqlClient, 'instant' | 'stored'> = {
  instant: async (query) =>
    query.includes('(job)')
      ? [{ labels: { job: 'service' }, value: 1, text: '1' }]
      : [{ labels: { gate: 'modes' }, value: 3, text: '3' }],
  stored: async (query) => {
    if (query.startsWith('(sum(x')) {
      throw new HarnessError('parse error', {
        code: 'H_METRICS_QUERY_REFUSED',
        fix: 'Correct it.',
      });
    }
    if (!query.startsWith('(tokens')) return [];
    return [
      { labels: { model: 'b' }, samples: [{ atSeconds: 100, value: Number.NaN }] },
      {
        labels: { model: 'a' },
        samples: [
          { atSeconds: 99, value: 1 },
          { atSeconds: 100, value: 2 },
        ],
      },
    ];
  },
};

const VARIABLE = { name: 'job', type: 'query', query: 'label_values(tokens, job)' };

async function draw(targets: object[], variable: object = VARIABLE) {
  const panels = [{ id: 1, type: 'timeseries', title: 'Tokens', targets }];
  const source = { uid: 'cost', title: 'Cost', templating: { list: [variable] }, panels };
  const { dashboards, ...preview } = await drawDashboards([parseDashboard(source)], {
    subject: 'service',
    promql: promql as PromqlClient,
    atSeconds: 99.4,
    drawn: { rangeMs: 2_000, scrapeIntervalMs: 1_000, pointsMax: 100 },
    signal: AbortSignal.timeout(5_000),
    series: [{ __name__: 'tokens', job: 'service' }],
    reasons: { 'cost/1/B': 'a run is no day' },
  });
  const [drawn] = dashboards;
  return { preview, drawn, panel: drawn?.panels[0] };
}

describe('drawDashboards', () => {
  test('has a value or a gap for each step, in the order of the legend', async () => {
    const { panel, preview, drawn } = await draw([
      { refId: 'A', expr: 'tokens{job="$job"}', legendFormat: 'of {{ model }}{{none}}' },
    ]);
    expect(preview).toMatchObject({ fromSeconds: 98, toSeconds: 100, stepMs: 1_000 });
    expect(drawn?.variables).toEqual({ job: 'service' });
    expect(panel?.times).toEqual([98, 99, 100]);
    expect(panel?.frames).toMatchObject([
      { name: 'of a', values: [null, 1, 2] },
      { name: 'of b', values: [null, null, null] },
    ]);
    expect(panel?.empty).toEqual({});
  });

  test('asks once what a table shows', async () => {
    const { panel } = await draw([{ refId: 'A', expr: 'gates', instant: true }]);
    expect(panel?.frames).toMatchObject([{ labels: { gate: 'modes' }, values: [null, null, 3] }]);
  });

  test('says why a query shows nothing: the written reason, or what is not there', async () => {
    const { panel } = await draw([
      { refId: 'A', expr: 'token' },
      { refId: 'B', expr: 'old' },
      { refId: 'C', expr: 'sum(x[5m])' },
      { refId: 'D', expr: 'up{job="$jbo"}' },
    ]);
    expect(panel?.empty).toEqual({
      A: 'token: there is no metric token. Did you mean "tokens"?',
      B: 'a run is no day',
      C: expect.stringContaining('parse error'),
      D: 'There is no variable $jbo. Did you mean "job"?',
    });
  });

  test('says why a dashboard cannot be drawn', async () => {
    const { drawn } = await draw([], { ...VARIABLE, query: 'metrics(x)' });
    expect(drawn?.problem).toBe('The variable job asks something unknown: metrics(x)');
  });
});
