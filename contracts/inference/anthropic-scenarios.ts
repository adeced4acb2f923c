import { added } from '#contracts/movements.ts';
import type { Scenario } from '#harness/index.ts';
import { attempted, billed, callEnded, fellBack, retried } from './movements.ts';

const CLAUDE = { provider: 'anthropic', model: 'claude-haiku-4-5' } as const;
const GPT = { provider: 'openai', model: 'gpt-5.4-nano' } as const;
const SUBSTITUTE = { provider: 'openai', model: 'gpt-4o-mini' } as const;

const messages = [{ role: 'user', content: 'Name three witnesses' }];
const ANSWER = {
  kind: 'generated',
  inputTokens: 9,
  cachedInputTokens: 100,
  cacheWriteTokens: 20,
  outputTokens: 7,
} as const;
const BILL = {
  source: 'provider',
  tokens: { input: 9, cached_input: 100, cache_write: 20, output: 7 },
  // 9 × 1,000,000 + 100 × 100,000 + 20 × 1,250,000 + 7 × 5,000,000
  costPicoUsd: 79_000_000,
} as const;

function ask(endpoint: 'chat/completions' | 'messages', body: object): Scenario['request'] {
  const limit = endpoint === 'messages' ? { max_tokens: 64 } : {};
  return { method: 'POST', path: `/${endpoint}`, body: { messages, ...limit, ...body } };
}

const ownClaude = { caller: 'own-key', credentials: { anthropic: 'valid' } } as const;
const stream = ask('messages', { model: CLAUDE.model, stream: true });

/** Anthropic as a provider, its shape at an endpoint, and each with the other shape before it. */
export const anthropicScenarios: readonly Scenario[] = [
  {
    name: 'messages-plain',
    says: 'A message of Claude is billed with what it read from the cache and wrote into it.',
    ...ownClaude,
    request: ask('messages', { model: CLAUDE.model }),
    provider: [{ answer: ANSWER }],
    expect: { status: 200, headers: { 'x-byom-provider': 'anthropic' } },
    movement: {
      ...callEnded('messages', { status: 200, outcome: 'success' }),
      ...attempted(CLAUDE, { outcome: 'success' }),
      ...billed(CLAUDE, BILL),
    },
  },
  {
    name: 'messages-stream',
    says: 'A stream of Claude reports its usage twice, and is billed once.',
    ...ownClaude,
    request: stream,
    provider: [{ answer: ANSWER }],
    expect: { status: 200, contentEvents: 7, endsCleanly: true },
    movement: {
      ...callEnded('messages', { status: 200, outcome: 'success' }),
      ...attempted(CLAUDE, { outcome: 'success', hasContent: true }),
      ...billed(CLAUDE, BILL),
    },
  },
  {
    name: 'messages-client-leaves',
    says: 'The client of a held stream leaves: the input as reported, the output as received.',
    ...ownClaude,
    request: stream,
    provider: [{ answer: ANSWER, holdAfterContentEvents: 3 }],
    departure: { afterContentEvents: 3 },
    expect: { status: 200, contentEvents: 3 },
    movement: {
      ...callEnded('messages', { status: 499, outcome: 'client_abort' }),
      ...attempted(CLAUDE, { outcome: 'client_abort', hasContent: true }),
      ...billed(CLAUDE, {
        source: 'estimate',
        tokens: { input: 9, cached_input: 100, cache_write: 20, output: 3 },
        // 9 × 1,000,000 + 100 × 100,000 + 20 × 1,250,000 + 3 × 5,000,000
        costPicoUsd: 59_000_000,
      }),
    },
  },
  {
    name: 'messages-error-inside',
    says: 'Claude is overloaded in the middle of a stream: the client is told, nothing is billed.',
    ...ownClaude,
    request: stream,
    provider: [{ answer: ANSWER, errorAfterContentEvents: 3 }],
    expect: { status: 200, contentEvents: 3, endsCleanly: false },
    movement: {
      ...callEnded('messages', { status: 200, outcome: 'error' }),
      ...attempted(CLAUDE, { outcome: 'error', hasContent: true }),
    },
  },
  {
    name: 'chat-with-claude',
    says: 'A client of chat completions streams from Claude.',
    ...ownClaude,
    request: ask('chat/completions', { model: CLAUDE.model, stream: true }),
    provider: [{ answer: ANSWER }],
    expect: { status: 200, contentEvents: 7, endsCleanly: true },
    movement: {
      ...callEnded('chat/completions', { status: 200, outcome: 'success' }),
      ...attempted(CLAUDE, { outcome: 'success', hasContent: true }),
      ...billed(CLAUDE, BILL),
    },
  },
  {
    name: 'messages-with-gpt',
    says: 'A client of messages streams from GPT.',
    caller: 'own-key',
    request: ask('messages', { model: GPT.model, stream: true }),
    provider: [{ answer: { ...ANSWER, cacheWriteTokens: 0 } }],
    expect: { status: 200, contentEvents: 7, endsCleanly: true },
    movement: {
      ...callEnded('messages', { status: 200, outcome: 'success' }),
      ...attempted(GPT, { outcome: 'success', hasContent: true }),
      ...billed(GPT, {
        source: 'provider',
        tokens: { input: 9, cached_input: 100, output: 7 },
        // 9 × 200,000 + 100 × 20,000 + 7 × 1,250,000
        costPicoUsd: 12_550_000,
      }),
    },
  },
  {
    name: 'claude-asked-again',
    says: 'Claude is overloaded twice, then at its limit: the client is told when to come back.',
    ...ownClaude,
    alwaysOwnKey: true,
    request: ask('messages', { model: CLAUDE.model }),
    provider: [
      { answer: { kind: 'error', status: 529, retryAfterSeconds: 0, shouldRetry: true } },
      { answer: { kind: 'error', status: 529, retryAfterSeconds: 0, shouldRetry: true } },
      { answer: { kind: 'error', status: 429, retryAfterSeconds: 20 } },
    ],
    expect: { status: 429, error: 'rate_limit_error', headers: { 'retry-after': '20' } },
    movement: added(
      callEnded('messages', { status: 429, outcome: 'error' }),
      attempted(CLAUDE, { outcome: 'error', times: 3 }),
      retried('anthropic', 'provider_error', 2),
    ),
  },
  {
    name: 'claude-overloaded',
    says: 'Claude is overloaded and will stay so: the system’s default model of OpenAI answers.',
    ...ownClaude,
    request: ask('messages', { model: CLAUDE.model }),
    provider: [
      { answer: { kind: 'error', status: 529, shouldRetry: false } },
      {
        provider: 'openai',
        paidBy: 'system',
        answer: { kind: 'generated', inputTokens: 9, outputTokens: 7 },
      },
    ],
    expect: {
      status: 200,
      headers: { 'x-byom-provider': 'openai', 'x-byom-fallback': 'provider_error' },
    },
    movement: added(
      callEnded('messages', { status: 200, outcome: 'success' }),
      attempted(CLAUDE, { outcome: 'error' }),
      fellBack({ from: 'anthropic', to: 'openai', reason: 'provider_error' }),
      attempted(SUBSTITUTE, { outcome: 'success', credential: 'system' }),
      billed(SUBSTITUTE, {
        source: 'provider',
        tokens: { input: 9, output: 7 },
        // 9 × 150,000 + 7 × 600,000
        costPicoUsd: 5_550_000,
      }),
    ),
  },
];
