import type { Defect } from '#harness/index.ts';

/** Mistakes in what the service says of itself: the summary, and metrics that nobody watches. */
export const summaryDefects: readonly Defect[] = [
  {
    name: 'summary-says-not-available',
    says: 'The first summary of a gateway showed "N/A" for everything (gatewayz).',
    patches: [
      {
        file: 'reference-app/src/summary/http-summary.ts',
        find: 'error_rate: z.number(),',
        replace: 'error_rate: z.string(),',
      },
      {
        file: 'reference-app/src/summary/http-summary.ts',
        find: 'error_rate: divideToHundredths(100 * serverErrors, total),',
        replace: "error_rate: serverErrors < 0 ? '' : 'N/A',",
      },
    ],
    shownBy: ['success'],
    caughtBy: 'reconciliation/http_error_rate_percent',
  },
  {
    name: 'pool-shown-from-settings',
    says: 'The summary shows how large the pool may be instead of how large it is.',
    patches: [
      {
        file: 'reference-app/src/metrics/database-metrics.ts',
        find: 'pool.totalCount - pool.idleCount',
        replace: '10 - pool.idleCount',
      },
    ],
    shownBy: ['success'],
    caughtBy: 'reconciliation/database_pool_size',
  },
  {
    name: 'query-error-rendered-as-zero',
    says: 'A total that could not be read is shown as 0 (gatewayz #2209).',
    patches: [
      {
        file: 'reference-app/src/summary/summary-route.ts',
        find: 'await snapshots.take(business)',
        replace:
          'await snapshots.take(business && { ...business, byom_recorded_cost_pico_usd: 0 })',
      },
    ],
    shownBy: ['success'],
    caughtBy: 'reconciliation/business_total_cost_usd',
  },
  {
    name: 'summary-field-without-fact',
    says: 'A number is shown that nobody compares with anything.',
    misconfigure: (config) => ({
      ...config,
      facts: config.facts.filter(({ name }) => name !== 'http_in_progress'),
    }),
    shownBy: ['success'],
    caughtBy: 'reconciliation/summary_field_without_fact',
  },
  {
    name: 'family-nobody-watches',
    says: 'A release adds a counter that nobody asks for, and that never counts.',
    patches: [
      {
        file: 'reference-app/src/metrics/usage-metrics.ts',
        find: '    images: createCounter(registry, {',
        replace: `    drawings: createCounter(registry, {
      name: 'byom_drawings_total',
      help: 'Drawings that providers made.',
      labelNames: [],
    }),
    images: createCounter(registry, {`,
      },
    ],
    shownBy: ['success'],
    caughtBy: 'reconciliation/family_without_fact',
  },
];
