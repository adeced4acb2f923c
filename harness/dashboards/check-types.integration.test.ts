import { describe, expect, test } from 'vitest';
import { loadHarnessEnvironment } from '#harness/config/env.ts';
import { obtainPrometheus } from '#harness/stack/embedded/prometheus/obtain-prometheus.ts';
import { checkTypes } from './check-types.ts';
import { parseDashboard } from './load-dashboards.ts';

function dashboardWith(...queries: readonly string[]) {
  const targets = queries.map((expr, index) => ({ refId: 'ABC'[index], expr }));
  const model = { name: 'model', type: 'query', query: '', multi: true, includeAll: true };
  return parseDashboard({
    uid: 'cost',
    title: 'Cost',
    templating: { list: [model] },
    panels: [{ id: 3, type: 'timeseries', title: 'Tokens', targets }],
  });
}

async function check(...queries: readonly string[]) {
  const options = { ...loadHarnessEnvironment(), stackName: 'types', progress: () => undefined };
  const { promtool } = await obtainPrometheus(options);
  const drawn = { rangeMs: 3_600_000, scrapeIntervalMs: 100, pointsMax: 360 };
  const signal = AbortSignal.timeout(30_000);
  return await checkTypes([dashboardWith(...queries)], { promtool, drawn, signal });
}

describe('checkTypes', { tags: ['integration'] }, () => {
  test('names the query whose types are wrong, wherever in it they are', async () => {
    const wrong = 'absent(up) and sum(tokens_total{model=~"$model"}[5m])';
    const right = 'sum by (model) (rate(tokens_total{model=~"$model"}[$__rate_interval]))';
    expect(await check(right, wrong, right)).toEqual([
      {
        check: 'dashboards/cost/3/B',
        message: expect.stringMatching(
          /^"Cost" \/ "Tokens": promtool: .*expected type instant vector in aggregation expression, got range vector\nquery: absent/,
        ),
      },
    ]);
  });

  test('has nothing against the same query in two panels, nor says twice what drawing says', async () => {
    expect(await check('up', 'up', 'up{job="$jop"}')).toEqual([]);
  });
});
