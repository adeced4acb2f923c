import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { findUnshown } from '#harness/dashboards/find-unshown.ts';
import { interpolate } from '#harness/dashboards/interpolate.ts';
import { parseDashboard } from '#harness/dashboards/load-dashboards.ts';
import { parseExposition } from '#harness/metrics/parse-exposition.ts';
import { explainSelector } from '#harness/promql/explain-selector.ts';
import { selectorsOf } from '#harness/promql/selectors-of.ts';
import { renderRunMetrics } from '#harness/run-metrics/render-run-metrics.ts';

// A run in progress lacks the verdict and the tests: only here is all of it on show at once.
const ended = {
  startedAt: '2026-11-22T06:20:32.814Z',
  profile: 'ci',
  commit: '0123456789ab',
  verdict: 'FAIL' as const,
  durationMs: 30_000,
  gates: [
    {
      name: 'observability',
      status: 'failed' as const,
      checks: 3,
      durationMs: 12,
      findings: [{}],
      measures: [{ name: 'metricFamilies', covered: 2, total: 3 }],
    },
  ],
  scenarios: [{ mode: 'testing', scenario: 'plain', findings: 0 }],
  phases: [{ mode: 'testing', phase: 'start', durationMs: 900 }],
  facts: [{ name: 'tokens', mode: 'testing', equal: true }],
  cassettes: [{ provenance: 'synthetic', outcome: 'HIT' }],
  tests: { passed: 10, failed: 0, skipped: 1 },
};

const path = 'grafana/dashboards/tally-test-run.json';
const dashboard = parseDashboard(JSON.parse(await readFile(path, 'utf8')));
const { families } = parseExposition(await renderRunMetrics(ended));
const series = [...families.values()].flatMap(({ samples }) =>
  samples.map(({ name, labels }) => ({ ...labels, __name__: name, job: 'tally' })),
);
const drawn = { rangeMs: 60_000, scrapeIntervalMs: 1_000, pointsMax: 100 };
const job = { name: 'job', multi: false, includeAll: false, chosen: ['tally'] };
const queries = dashboard.panels.flatMap(({ title, targets }) =>
  targets.map(({ refId, expr }) => [`${title} ${refId}`, interpolate(expr, [job], drawn)] as const),
);

describe('the dashboard of a test run', () => {
  test.for(queries)('%s selects what an ended run shows', ([_, query]) => {
    expect(selectorsOf(query).map((selector) => explainSelector(selector, series))).toEqual(
      selectorsOf(query).map(() => undefined),
    );
  });

  test('shows all that Tally tells of a run', () => {
    const expressions = queries.map(([, query]) => query);
    expect(findUnshown({ series, expressions, reasons: {} }).findings).toEqual([]);
  });
});
