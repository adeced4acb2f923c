import { attempted, billed, callEnded, fellBack, retried } from '#contracts/inference/movements.ts';
import { added } from '#contracts/movements.ts';
import type { Scenario } from '#harness/index.ts';

const NANO = { provider: 'openai', model: 'gpt-5.4-nano' } as const;
const ANSWER = { kind: 'generated', inputTokens: 9, outputTokens: 7 } as const;

const request: Scenario['request'] = {
  method: 'POST',
  path: '/chat/completions',
  body: { model: NANO.model, messages: [{ role: 'user', content: 'Name three witnesses' }] },
};

const STREAM: Scenario['request'] = { ...request, body: { ...request.body, stream: true } };

const SUCCESS = callEnded('chat/completions', { status: 200, outcome: 'success' });
const ERROR_INSIDE = callEnded('chat/completions', { status: 200, outcome: 'error' });

/** The usage that ANSWER reports. */
const BILLED = billed(NANO, {
  source: 'provider',
  tokens: { input: 9, output: 7 },
  // 9 × 200,000 + 7 × 1,250,000
  costPicoUsd: 10_550_000,
});

/** What an attempt takes, and what comes after one that failed. */
export const attemptScenarios: readonly Scenario[] = [
  {
    name: 'slow-stream',
    says: 'The provider is slow to answer and slower to speak: the service’s clocks include both.',
    caller: 'own-key',
    request: STREAM,
    provider: [{ answer: ANSWER, beforeHeadMs: 20, beforeFirstContentMs: 30 }],
    expect: { status: 200, contentEvents: 7, endsCleanly: true },
    movement: added(SUCCESS, attempted(NANO, { outcome: 'success', hasContent: true }), BILLED),
  },
  {
    name: 'error-inside-stream',
    says: 'An error comes inside a stream that began with 200: the client gets it, and no [DONE].',
    caller: 'own-key',
    request: STREAM,
    provider: [{ answer: ANSWER, errorAfterContentEvents: 3 }],
    expect: { status: 200, contentEvents: 3, endsCleanly: false, error: 'server_error' },
    movement: added(ERROR_INSIDE, attempted(NANO, { outcome: 'error', hasContent: true })),
  },
  {
    name: 'stream-without-end',
    says: 'A stream reports its usage and closes without [DONE]: it is cut, and billed as reported.',
    caller: 'own-key',
    request: STREAM,
    provider: [{ answer: ANSWER, omits: ['end'] }],
    expect: { status: 200, contentEvents: 7, endsCleanly: false, error: 'provider_cut' },
    movement: added(ERROR_INSIDE, attempted(NANO, { outcome: 'cut', hasContent: true }), BILLED),
  },
  {
    name: 'own-key-not-known',
    says: 'The provider does not know the user’s key, so the system’s key pays for the answer.',
    caller: 'own-key',
    credentials: { openai: 'invalid' },
    request,
    provider: [{ refusedBy: 'rules' }, { paidBy: 'system', answer: ANSWER }],
    expect: { status: 200, headers: { 'x-byom-credential': 'system' } },
    movement: added(
      SUCCESS,
      attempted(NANO, { outcome: 'error' }),
      fellBack({ reason: 'invalid_key' }),
      attempted(NANO, { outcome: 'success', credential: 'system' }),
      BILLED,
    ),
  },
  {
    name: 'own-key-only',
    thenRestart: 'killed',
    says: 'A user who always uses an own key is told that it is bad; the system’s key never pays.',
    caller: 'own-key',
    credentials: { openai: 'invalid' },
    alwaysOwnKey: true,
    request,
    provider: [{ refusedBy: 'rules' }],
    expect: { status: 401, error: 'invalid_api_key' },
    movement: added(
      callEnded('chat/completions', { status: 401, outcome: 'error' }),
      attempted(NANO, { outcome: 'error' }),
    ),
  },
  {
    name: 'asked-again',
    says: 'The provider is busy and says when to ask again: the second attempt is answered.',
    caller: 'own-key',
    request,
    provider: [
      { answer: { kind: 'error', status: 429, retryAfterSeconds: 0 } },
      { answer: ANSWER },
    ],
    expect: { status: 200, headers: { 'x-byom-credential': 'user' } },
    movement: added(
      SUCCESS,
      attempted(NANO, { outcome: 'error' }),
      retried('openai', 'rate_limited'),
      attempted(NANO, { outcome: 'success' }),
      BILLED,
    ),
  },
];
