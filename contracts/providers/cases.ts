import { attempted, billed, callEnded } from '#contracts/inference/movements.ts';
import type { Scenario } from '#harness/index.ts';

type CaseProvider = 'openai' | 'google' | 'anthropic';
type ProviderPromise = 'chat' | 'chat-stream' | 'rate-limited';

/** One named contract situation of a provider: a scenario that the cassette of its name answers. */
export interface ProviderCase {
  /** What the provider promises, e.g. "chat-stream"; with the provider, the cassette's id. */
  readonly promise: ProviderPromise;
  readonly provider: CaseProvider;
  readonly scenario: Scenario;
}

/** What a provider does not offer, and why there is nothing to record. */
export const NOT_SUPPORTED: Partial<Record<`${CaseProvider}/${ProviderPromise}`, string>> = {};

const messages = [{ role: 'user', content: 'Greet the reader in one short sentence.' }];

interface Recorded {
  readonly provider: CaseProvider;
  readonly endpoint: 'chat/completions' | 'messages';
  readonly model: string;
  /** What the endpoint's shape wants besides. */
  readonly more: object;
  readonly contentEvents: number;
  /** The model that was busy, and what its provider said; undefined: no refusal was recorded. */
  readonly refusal?: { readonly model: string; readonly error: string };
  readonly tokens: { readonly input: number; readonly output: number };
  readonly costPicoUsd: number;
}

/** What the recordings of one provider become: an answer, a stream and a refusal. */
function recorded({ provider, endpoint, model, refusal, ...own }: Recorded): ProviderCase[] {
  const caller = { caller: 'own-key', credentials: { [provider]: 'valid' } } as const;
  const ask = (body: object): Scenario['request'] => ({
    method: 'POST',
    path: `/${endpoint}`,
    body: { messages, ...own.more, ...body },
  });
  const { tokens, costPicoUsd } = own;
  const answered = (hasContent: boolean): Scenario['movement'] => ({
    ...callEnded(endpoint, { status: 200, outcome: 'success' }),
    ...attempted({ provider, model }, { outcome: 'success', hasContent }),
    ...billed({ provider, model }, { source: 'provider', tokens, costPicoUsd }),
  });
  const refused = (busy: NonNullable<Recorded['refusal']>): Scenario => ({
    ...caller,
    alwaysOwnKey: true,
    name: `recorded-${provider}-rate-limited`,
    says: `A recorded refusal of ${provider} says when to come back: too late for a retry.`,
    request: ask({ model: busy.model }),
    provider: [{ cassette: `${provider}/rate-limited` }],
    expect: { status: 429, error: busy.error, headers: { 'retry-after': '20' } },
    movement: {
      ...callEnded(endpoint, { status: 429, outcome: 'error' }),
      ...attempted({ provider, model: busy.model }, { outcome: 'error' }),
    },
  });
  const scenarios: Scenario[] = [
    {
      ...caller,
      name: `recorded-${provider}-chat`,
      says: `A recorded answer of ${provider} reaches the client, and the usage in it is billed.`,
      request: ask({ model }),
      provider: [{ cassette: `${provider}/chat` }],
      expect: { status: 200 },
      movement: answered(false),
    },
    {
      ...caller,
      name: `recorded-${provider}-chat-stream`,
      says: `A recorded stream of ${provider} reaches the client, and the usage in it is billed.`,
      request: ask({ model, stream: true }),
      provider: [{ cassette: `${provider}/chat-stream` }],
      expect: { status: 200, contentEvents: own.contentEvents, endsCleanly: true },
      movement: answered(true),
    },
    ...(refusal === undefined ? [] : [refused(refusal)]),
  ];
  const promises = ['chat', 'chat-stream', 'rate-limited'] as const;
  return promises.flatMap((promise) =>
    scenarios
      .filter(({ name }) => name === `recorded-${provider}-${promise}`)
      .map((scenario) => ({ promise, provider, scenario })),
  );
}

/** Every recording of a provider that scenarios call must be asked for. */
export const providerCases: readonly ProviderCase[] = [
  ...recorded({
    provider: 'openai',
    endpoint: 'chat/completions',
    model: 'gpt-5.4-nano',
    more: {},
    contentEvents: 7,
    tokens: { input: 14, output: 7 },
    // 14 × 200,000 + 7 × 1,250,000
    costPicoUsd: 11_550_000,
  }),
  ...recorded({
    provider: 'google',
    endpoint: 'chat/completions',
    model: 'gemini-3.5-flash-lite',
    more: {},
    contentEvents: 3,
    refusal: { model: 'gemini-3.5-flash', error: 'rate_limit_exceeded' },
    tokens: { input: 9, output: 7 },
    // 9 × 300,000 + 7 × 2,500,000
    costPicoUsd: 20_200_000,
  }),
  ...recorded({
    provider: 'anthropic',
    endpoint: 'messages',
    model: 'claude-haiku-4-5',
    more: { max_tokens: 64 },
    contentEvents: 3,
    refusal: { model: 'claude-opus-5', error: 'rate_limit_error' },
    tokens: { input: 15, output: 10 },
    // 15 × 1,000,000 + 10 × 5,000,000
    costPicoUsd: 65_000_000,
  }),
];
