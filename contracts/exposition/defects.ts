import type { Defect } from '#harness/index.ts';

/** Metrics that lie by their names, labels and directions. */
export const expositionDefects: readonly Defect[] = [
  {
    name: 'status-undefined-on-abort',
    says: 'A call without an answer is counted under status "undefined" (LiteLLM #24224: "None").',
    patches: [
      {
        file: 'reference-app/src/metrics/http-metrics.ts',
        find: 'isWritten ? String(response.statusCode) : CLIENT_LEFT;',
        replace: 'String(isWritten ? response.statusCode : undefined);',
      },
    ],
    shownBy: ['client-abort'],
    caughtBy: 'exposition/label-value',
  },
  {
    name: 'duration-negative-on-abort',
    says: 'A clock that is read in the wrong order makes the sum of a histogram fall.',
    patches: [
      {
        file: 'reference-app/src/metrics/instruments.ts',
        find: 'Number.isFinite(value) && value >= 0',
        replace: 'Number.isFinite(value)',
      },
      {
        file: 'reference-app/src/metrics/http-metrics.ts',
        find: 'duration.observe({ method, route }, seconds);',
        replace:
          'duration.observe({ method, route }, status === CLIENT_LEFT ? -seconds : seconds);',
      },
    ],
    shownBy: ['client-abort'],
    caughtBy: 'exposition/decrease',
  },
  {
    name: 'route-label-from-client',
    says: 'Paths that nobody serves become label values: series without bound (LiteLLM #12159).',
    patches: [
      {
        file: 'reference-app/src/metrics/http-metrics.ts',
        find: 'url ?? UNKNOWN_ROUTE',
        replace: 'url ?? request.url',
      },
    ],
    shownBy: ['success'],
    caughtBy: 'exposition/client-text',
  },
  {
    name: 'model-label-from-client',
    says: 'Whatever a client calls a model becomes a label value (LiteLLM #27272).',
    patches: [
      {
        file: 'reference-app/src/accounting/attempt.ts',
        find: "model: model?.name ?? 'other',",
        replace: 'model: model?.name ?? start.modelRequested,',
      },
    ],
    shownBy: ['success'],
    caughtBy: 'exposition/cardinality',
  },
];
