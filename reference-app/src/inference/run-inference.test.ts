import { describe, expect, test, vi } from 'vitest';
import type { UsageEvent } from '../accounting/usage-event.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { FoundCredential } from '../credentials/find-credential.ts';
import { ApiError } from '../errors/api-error.ts';
import type { Provider } from '../providers/provider.ts';
import { ProviderAnswerError, ProviderUnreachableError } from '../providers/provider-error.ts';
import { openAiShape } from '../shapes/openai/openai-shape.ts';
import type { AttemptEnd, Inference } from './inference.ts';
import { judgeFailure } from './judge-failure.ts';
import { ResponseCache } from './response-cache.ts';
import { createRunInference } from './run-inference.ts';

const MODELS = new Map([
  ['claude', 'anthropic'],
  ['gpt', 'openai'],
]);

const CATALOGUE: Catalogue = {
  models: [],
  locate: (name) => ({ providers: [MODELS.get(name) ?? 'openai'], name }),
  resolve: (name) => {
    const provider = MODELS.get(name);
    return provider === undefined ? undefined : { provider, name };
  },
  pricesOf: () => undefined,
};

const ANSWERED: AttemptEnd = { kind: 'answered', answer: { body: {}, text: '{}' } };

const refusal = (status: number, retry = {}): AttemptEnd => ({
  kind: 'failed',
  failure: judgeFailure(
    new ProviderAnswerError(status, { message: 'No.', type: 't' }, retry),
    false,
  ),
});

const UNREACHABLE: AttemptEnd = {
  kind: 'failed',
  failure: judgeFailure(new ProviderUnreachableError('No.'), false),
};

interface Call {
  readonly ends: readonly (AttemptEnd | ApiError)[];
  readonly own?: boolean;
  readonly mayUseSystem?: boolean;
  readonly model?: string;
}

/** Plays the ends of attempts, one after the other; says where each went. */
async function infer({ ends, own = true, mayUseSystem = true, model = 'claude' }: Call) {
  const left = [...ends];
  const targets: string[] = [];
  const metrics = {
    countInference: vi.fn(),
    countFallback: vi.fn(),
    countRetry: vi.fn(),
    countCacheLookup: vi.fn(),
  };
  const provider = (name: string) => ({ name, shape: 'openai' }) as Provider;
  const credential = { source: 'user', apiKey: 'own', settings: {} } as const;
  const found: FoundCredential = {
    provider: MODELS.get(model) ?? 'openai',
    credential: own ? credential : undefined,
    mayUseSystem,
  };
  const runInference = createRunInference({
    catalogue: CATALOGUE,
    findCredential: () => Promise.resolve(found),
    registry: new Map([
      ['openai', { provider: provider('openai'), systemKey: 'system-openai' }],
      ['anthropic', { provider: provider('anthropic'), systemKey: 'system-anthropic' }],
    ]),
    systemDefaultModel: 'gpt',
    recordUsage: (_event: UsageEvent) => Promise.resolve(),
    metrics,
    cache: new ResponseCache({ ttlMs: 1_000, nowMs: () => 0 }),
    nowMs: () => 0,
  });
  const inference: Inference = {
    endpoint: 'chat/completions',
    userId: 'user',
    mayRemember: false,
    credentialId: undefined,
    shape: openAiShape,
    request: { body: {}, model, isStream: false, wantsUsage: false, promptCharacters: 1 },
    client: { hasLeft: false, signal: new AbortController().signal, cancel: () => undefined },
    log: {} as Inference['log'],
    run: ({ target }) => {
      targets.push(`${target.provider.name}/${target.model} ${target.credential.apiKey}`);
      const next = left.shift() ?? ANSWERED;
      return next instanceof ApiError ? Promise.reject(next) : Promise.resolve(next);
    },
  };
  const { end, target } = await runInference(inference);
  expect(left).toEqual([]);
  return { end, target, targets, metrics };
}

describe('an inference', () => {
  test('stays with the user’s own key while that answers', async () => {
    const { targets, metrics } = await infer({ ends: [ANSWERED] });
    expect(targets).toEqual(['anthropic/claude own']);
    expect(metrics.countFallback).not.toHaveBeenCalled();
  });

  test.for([
    ['a key that the provider refuses', refusal(401), 'invalid_key'],
    ['a key whose quota is used up', refusal(429), 'rate_limited'],
  ] as const)('falls back from %s to the system’s key, same model', async ([, end, reason]) => {
    const { targets, metrics } = await infer({ ends: [end, ANSWERED] });
    expect(targets).toEqual(['anthropic/claude own', 'anthropic/claude system-anthropic']);
    const fallback = { from: 'anthropic', to: 'anthropic', reason };
    expect(metrics.countFallback).toHaveBeenCalledExactlyOnceWith(fallback);
  });

  test.for([
    ['is overloaded', refusal(529), 'provider_error'],
    ['cannot be reached', UNREACHABLE, 'unreachable'],
  ] as const)(
    'falls back from a provider that %s to a model that another provider knows',
    async ([, end, reason]) => {
      const { targets, metrics } = await infer({ ends: [end, ANSWERED] });
      expect(targets).toEqual(['anthropic/claude own', 'openai/gpt system-openai']);
      const fallback = { from: 'anthropic', to: 'openai', reason };
      expect(metrics.countFallback).toHaveBeenCalledExactlyOnceWith(fallback);
    },
  );

  test('has no substitute for the provider of the system’s default model', async () => {
    const { targets } = await infer({ ends: [refusal(503)], model: 'gpt' });
    expect(targets).toEqual(['openai/gpt own']);
  });

  test('does not fall back when the request itself is refused', async () => {
    const { targets, end } = await infer({ ends: [refusal(400)] });
    expect([targets.length, end.kind]).toEqual([1, 'failed']);
  });

  test('falls back once: what fails then is the answer', async () => {
    const { end, targets, metrics } = await infer({ ends: [refusal(401), refusal(503)] });
    expect(targets).toHaveLength(2);
    expect(end).toMatchObject({ failure: { answer: { status: 503 } } });
    expect(metrics.countInference).toHaveBeenCalledExactlyOnceWith('chat/completions', 'error');
  });

  const unsayable = new ApiError({ status: 400, message: 'No word for n.', type: 't' });

  test('answers what cannot be said to the provider; that is no attempt', async () => {
    const { end, target, metrics } = await infer({ ends: [unsayable] });
    expect(end).toMatchObject({ failure: { answer: unsayable } });
    expect(target).toBeUndefined();
    expect(metrics.countInference).not.toHaveBeenCalled();
  });

  test('answers the first failure when the call cannot be said to the substitute', async () => {
    const { end, target, metrics } = await infer({ ends: [refusal(503), unsayable] });
    expect(end).toMatchObject({ failure: { answer: { status: 503 } } });
    expect(target?.provider.name).toBe('anthropic');
    expect(metrics.countFallback).not.toHaveBeenCalled();
    expect(metrics.countInference).toHaveBeenCalledExactlyOnceWith('chat/completions', 'error');
  });

  test('asks the system at once for a user without a key', async () => {
    const { targets, metrics } = await infer({ ends: [ANSWERED], own: false });
    expect(targets).toEqual(['anthropic/claude system-anthropic']);
    const fallback = { from: 'anthropic', to: 'anthropic', reason: 'no_credential' };
    expect(metrics.countFallback).toHaveBeenCalledExactlyOnceWith(fallback);
  });

  test('never spends the system’s money for a user who always uses an own key', async () => {
    const { targets } = await infer({ ends: [refusal(401)], mayUseSystem: false });
    expect(targets).toEqual(['anthropic/claude own']);
    const refused = infer({ ends: [], own: false, mayUseSystem: false });
    await expect(refused).rejects.toThrow('who always uses an own key');
  });

  test('asks again only where the provider says so, and then falls back', async () => {
    const again = refusal(429, { afterMs: 0 });
    const { targets, metrics } = await infer({ ends: [again, again, again, ANSWERED] });
    expect(targets.map((target) => target.split(' ')[1])).toEqual([
      ...['own', 'own', 'own'],
      'system-anthropic',
    ]);
    expect(metrics.countRetry.mock.calls).toEqual(
      Array.from({ length: 2 }, () => ['anthropic', 'rate_limited']),
    );
  });
});
