import { expositionDefects } from '#contracts/exposition/defects.ts';
import { summaryDefects } from '#contracts/summary/defects.ts';
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
    shownBy: ['success'],
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
    shownBy: ['client-abort'],
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
    shownBy: ['client-abort'],
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
    shownBy: ['client-abort'],
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
    shownBy: ['streams-in-flight'],
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
    shownBy: ['slow-stream'],
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
    shownBy: ['slow-stream'],
    caughtBy: 'contracts/slow-stream/first-token',
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
    shownBy: ['provider-answers-400', 'provider-answers-404'],
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
    shownBy: ['too-many-streams'],
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
    shownBy: ['remembered-answer'],
    caughtBy: 'reconciliation/provider_requests',
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
    shownBy: ['success', 'unknown-user'],
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
    shownBy: ['recorded-openai-chat-stream'],
    caughtBy: 'recordings/drift',
  },
  {
    name: 'testing-on-in-production',
    says: 'Production is configured with TESTING=1 (potpie #530).',
    misconfigure: (config) => ({
      ...config,
      production: { ...config.production, environment: { APP_ENV: 'production', TESTING: '1' } },
    }),
    shownBy: ['success'],
    caughtBy: 'environment/testing',
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
    shownBy: ['success'],
    caughtBy: 'alerts/CostBudget/selector',
  },
  ...expositionDefects,
  ...summaryDefects,
];
