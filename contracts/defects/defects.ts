import { expositionDefects } from '#contracts/exposition/defects.ts';
import type { Defect } from '#harness/index.ts';

/** Mistakes that services of this kind really shipped, planted in a copy of the reference service. */
export const defects: readonly Defect[] = [
  {
    name: 'counter-incremented-twice',
    says: 'Two success handlers each count the same provider request (LiteLLM #19929).',
    patches: [
      {
        file: 'reference-app/src/metrics/usage-metrics.ts',
        find: 'instruments.requests.add({ provider, model, outcome, credential }, 1);',
        replace: 'instruments.requests.add({ provider, model, outcome, credential }, 2);',
      },
    ],
    caughtBy: 'reconciliation/provider_requests',
  },
  {
    name: 'aborted-tokens-lost',
    says: 'A client that leaves before the usage chunk costs nothing (LiteLLM #14457).',
    patches: [
      {
        file: 'reference-app/src/accounting/attempt.ts',
        find: "if (outcome === 'error') {",
        replace: "if (outcome === 'error' || outcome === 'client_abort') {",
      },
    ],
    caughtBy: 'reconciliation/output_tokens',
  },
  {
    name: 'abort-not-recorded',
    says: 'An aborted stream writes no usage row at all (LiteLLM #33736).',
    patches: [
      {
        file: 'reference-app/src/accounting/record-usage.ts',
        find: 'return async (event) => {',
        replace: "return async (event) => {\n    if (event.outcome === 'client_abort') return;",
      },
    ],
    caughtBy: 'reconciliation/model_requests_total',
  },
  {
    name: 'gauge-not-decremented-on-abort',
    says: 'The in-flight gauge counts down only when an answer was finished (fastify #6208).',
    patches: [
      {
        file: 'reference-app/src/metrics/http-metrics.ts',
        find: 'inProgress.add(-1);',
        replace: 'if (status !== CLIENT_LEFT) inProgress.add(-1);',
      },
    ],
    caughtBy: 'reconciliation/http_in_progress',
  },
  {
    name: 'gauge-blind-while-in-flight',
    says: 'The in-flight gauge is raised and lowered at once: it is right only when nothing runs.',
    patches: [
      {
        file: 'reference-app/src/metrics/http-metrics.ts',
        find: 'inProgress.add(1);',
        replace: 'inProgress.add(0);',
      },
      {
        file: 'reference-app/src/metrics/http-metrics.ts',
        find: 'inProgress.add(-1);',
        replace: 'inProgress.add(0);',
      },
    ],
    caughtBy: 'reconciliation/http_in_progress',
  },
  {
    name: 'seconds-counted-in-milliseconds',
    says: 'A histogram of seconds is given milliseconds; every witness repeats the same number.',
    patches: [
      {
        file: 'reference-app/src/accounting/attempt.ts',
        find: 'return roundDurationSeconds((timeMs - this.#startedAtMs) / 1_000);',
        replace: 'return roundDurationSeconds(timeMs - this.#startedAtMs);',
      },
    ],
    caughtBy: 'contracts/slow-stream/duration',
  },
  {
    name: 'first-token-clock-starts-late',
    says: 'The time to the first token is taken from the head of the answer, not from the call.',
    patches: [
      {
        file: 'reference-app/src/accounting/attempt.ts',
        find: 'this.#firstTokenAtMs === undefined ? undefined : this.#secondsUntil(this.#firstTokenAtMs),',
        replace: 'this.#firstTokenAtMs === undefined ? undefined : 0,',
      },
    ],
    caughtBy: 'contracts/slow-stream/first-token',
  },
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
    caughtBy: 'reconciliation/http_error_rate_percent',
  },
  {
    name: 'refusals-count-against-provider',
    says: 'The wrong keys and the limits of users make a provider look down.',
    patches: [
      {
        file: 'reference-app/src/metrics/health-scores.ts',
        find: 'providerStatus >= 400 && providerStatus < 500',
        replace: 'providerStatus >= 400 && providerStatus < 400',
      },
    ],
    caughtBy: 'reconciliation/provider_health_points_lost',
  },
  {
    name: 'limits-blamed-on-provider',
    says: 'What the service refuses because of its own limits is counted as a provider’s failure.',
    patches: [
      {
        file: 'reference-app/src/inference/add-inference.ts',
        find: "onLimited: () => metrics.limits.countLimited('streams'),",
        replace: `onLimited: () => {
      metrics.limits.countLimited('streams');
      metrics.countUsage({ provider: 'openai', model: 'gpt-5.4-nano', outcome: 'error',
        credential: 'user', source: 'none', images: 0, durationSeconds: 0 } as never);
    },`,
      },
    ],
    caughtBy: 'reconciliation/provider_requests',
  },
  {
    name: 'remembered-answer-billed',
    says: 'An answer from memory is recorded and billed again (LiteLLM #39057, llmgateway #2518).',
    patches: [
      {
        file: 'reference-app/src/inference/run-inference.ts',
        find: "if (remembered !== undefined) return { end: remembered, target: undefined, cache: 'hit' };",
        replace: `if (remembered !== undefined) {
      const { provider, model, credential } = targets.first;
      const { userId, endpoint, request } = inference;
      const { promptCharacters } = request;
      const again = new Attempt({ inferenceId: randomUUID(), attempt: 1, userId, endpoint,
        provider: provider.name, modelRequested: model, credential: credential.source,
        fallbackReason: undefined, isStream: false, promptCharacters }, dependencies);
      await dependencies.recordUsage(again.end('success'));
      return { end: remembered, target: undefined, cache: 'hit' };
    }`,
      },
    ],
    caughtBy: 'reconciliation/provider_requests',
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
    caughtBy: 'reconciliation/business_total_cost_usd',
  },
  {
    name: 'summary-field-without-fact',
    says: 'A number is shown that nobody compares with anything.',
    misconfigure: (config) => ({
      ...config,
      facts: config.facts.filter(({ name }) => name !== 'http_in_progress'),
    }),
    caughtBy: 'reconciliation/summary_field_without_fact',
  },
  {
    name: 'test-mode-accepts-any-key',
    says: 'In test mode any key gets a made-up user (gatewayz, IS_TESTING).',
    patches: [
      {
        file: 'reference-app/src/users/find-user.ts',
        find: 'if (isTesting) return (apiKey) => askDatabase(hashApiKey(apiKey));',
        replace: `if (isTesting) {
    return async (apiKey) =>
      (await askDatabase(hashApiKey(apiKey))) ??
      (await pool.query<User>('select id, name from users limit 1')).rows[0];
  }`,
      },
    ],
    caughtBy: 'modes/unknown-user/answers',
  },
  {
    name: 'request-drifts',
    says: 'An upgrade adds a field to what the provider is asked, which nobody has seen it answer.',
    patches: [
      {
        file: 'reference-app/src/providers/openai/open-ai-wire.ts',
        find: 'stream_options: { ...asked, include_usage: true }',
        replace: 'stream_options: { ...asked, include_usage: true, include_obfuscation: false }',
      },
    ],
    caughtBy: 'recordings/drift',
  },
  {
    name: 'testing-on-in-production',
    says: 'Production is configured with TESTING=1 (potpie #530).',
    misconfigure: (config) => ({
      ...config,
      production: { ...config.production, environment: { APP_ENV: 'production', TESTING: '1' } },
    }),
    caughtBy: 'environment/testing',
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
    caughtBy: 'reconciliation/family_without_fact',
  },
  {
    name: 'cost-metric-renamed',
    says: 'A release renames a metric: the alerts and panels on it fall silent, and nothing is red.',
    patches: [
      {
        file: 'reference-app/src/metrics/usage-metrics.ts',
        find: "name: 'byom_cost_pico_usd_total'",
        replace: "name: 'byom_costs_pico_usd_total'",
      },
    ],
    caughtBy: 'alerts/CostBudget/selector',
  },
  ...expositionDefects,
];
