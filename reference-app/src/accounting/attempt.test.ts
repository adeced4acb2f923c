import { describe, expect, test } from 'vitest';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { NO_TOKENS } from '../catalogue/cost.ts';
import { Attempt } from './attempt.ts';

const LISTED = { tiers: [], perImage: 0n };
const PRICES = {
  ...LISTED,
  prices: { input: 10n, cached_input: 1n, cache_write: 12n, output: 50n, reasoning: 60n },
};
const CHEAP = {
  ...LISTED,
  prices: { input: 1n, cached_input: 1n, cache_write: 1n, output: 1n, reasoning: 1n },
};
const TABLE = new Map([
  ['big', PRICES],
  ['small', CHEAP],
  ['painter', { ...CHEAP, perImage: 40n }],
]);

const CATALOGUE: Catalogue = {
  models: [],
  locate: (name) => ({ providers: [], name }),
  resolve: (name) => (TABLE.has(name) ? { provider: 'openai', name } : undefined),
  pricesOf: ({ name }) => TABLE.get(name),
};

function start({ model = 'big', clock = { nowMs: 0 } } = {}): Attempt {
  return new Attempt(
    {
      inferenceId: 'inference-1',
      attempt: 1,
      fallbackReason: undefined,
      userId: 'user-1',
      endpoint: 'chat/completions',
      provider: 'openai',
      modelRequested: model,
      credential: 'user',
      isStream: true,
      promptCharacters: 9,
    },
    { catalogue: CATALOGUE, nowMs: () => clock.nowMs },
  );
}

const REPORTED = { input: 7, cached_input: 3, cache_write: 0, output: 5, reasoning: 2 };

describe('attempt', () => {
  test('takes the numbers of the provider when it sends them', () => {
    const attempt = start();
    attempt.receivedContent();
    attempt.reportedUsage({ tokens: REPORTED, isFinal: true });
    expect(attempt.end('success')).toMatchObject({
      source: 'provider',
      tokens: REPORTED,
      costPicoUsd: 7n * 10n + 3n * 1n + 5n * 50n + 2n * 60n,
    });
  });

  test('takes the last of several reports, since reports are totals', () => {
    const attempt = start();
    attempt.reportedUsage({ tokens: { ...REPORTED, output: 1 }, isFinal: true });
    attempt.reportedUsage({ tokens: REPORTED, isFinal: true });
    expect(attempt.end('success').tokens).toEqual(REPORTED);
  });

  test.for(['success', 'cut', 'client_abort'] as const)(
    'estimates a %s without usage: a token for each delta, and for 4 characters of the prompt',
    (outcome) => {
      const attempt = start();
      for (let delta = 0; delta < 3; delta += 1) attempt.receivedContent();
      const tokens = { input: 3, cached_input: 0, cache_write: 0, output: 3, reasoning: 0 };
      expect(attempt.end(outcome)).toMatchObject({ source: 'estimate', tokens, costPicoUsd: 180n });
    },
  );

  test('adds what it counted itself to a report that was not the last', () => {
    const attempt = start();
    for (let delta = 0; delta < 9; delta += 1) attempt.receivedContent();
    attempt.reportedUsage({ tokens: { ...REPORTED, output: 1 }, isFinal: false });
    expect(attempt.end('client_abort')).toMatchObject({
      source: 'estimate',
      tokens: { ...REPORTED, output: 7 },
    });
  });

  test('never estimates less than was reported', () => {
    const attempt = start();
    attempt.receivedContent();
    attempt.reportedUsage({ tokens: REPORTED, isFinal: false });
    expect(attempt.end('cut')).toMatchObject({ source: 'estimate', tokens: REPORTED });
  });

  test('estimates a plain answer without usage from its text', () => {
    const attempt = start();
    attempt.receivedText(10);
    expect(attempt.end('success')).toMatchObject({ source: 'estimate', tokens: { output: 3 } });
  });

  test('counts nothing for an error, not even the deltas before it', () => {
    const attempt = start();
    attempt.receivedContent();
    attempt.reportedUsage({ tokens: NO_TOKENS, isFinal: true });
    const { source, tokens, costPicoUsd } = attempt.end('error');
    expect([source, costPicoUsd, ...Object.values(tokens)]).toEqual(['none', 0n, 0, 0, 0, 0, 0]);
  });

  test('counts an error for which the provider reports tokens', () => {
    const attempt = start();
    attempt.reportedUsage({ tokens: REPORTED, isFinal: true });
    expect(attempt.end('error')).toMatchObject({ source: 'provider', tokens: REPORTED });
  });

  test('is billed by the model that served, and labelled by the one requested', () => {
    const attempt = start({ model: 'big' });
    attempt.servedBy('small');
    attempt.reportedUsage({ tokens: REPORTED, isFinal: true });
    expect(attempt.end('success')).toMatchObject({
      model: 'big',
      modelServed: 'small',
      costPicoUsd: 17n,
    });
  });

  test('says that it is not priced when nobody knows the model that served', () => {
    const attempt = start({ model: 'big' });
    attempt.servedBy('huge');
    attempt.reportedUsage({ tokens: REPORTED, isFinal: true });
    expect(attempt.end('success')).toMatchObject({ isPriced: false, costPicoUsd: 0n });
  });

  test('labels a model that is not in the catalogue "other" and keeps its name for the row', () => {
    expect(start({ model: 'x,model:y' }).end('error')).toMatchObject({
      model: 'other',
      modelRequested: 'x,model:y',
    });
  });

  test('measures the whole time and the time to the first content', () => {
    const clock = { nowMs: 1_000 };
    const attempt = start({ clock });
    clock.nowMs = 1_250;
    attempt.receivedContent();
    clock.nowMs = 1_375;
    attempt.receivedContent();
    clock.nowMs = 1_500;
    const { durationSeconds, timeToFirstTokenSeconds } = attempt.end('success');
    expect([durationSeconds, timeToFirstTokenSeconds]).toEqual([0.5, 0.25]);
  });

  test('has no time to first token without content', () => {
    expect(start().end('success').timeToFirstTokenSeconds).toBeUndefined();
  });

  test('of images that report no tokens is billed by the image, and nothing is estimated', () => {
    const attempt = start({ model: 'painter' });
    attempt.receivedImages(3);
    expect(attempt.end('success')).toMatchObject({
      source: 'provider',
      tokens: NO_TOKENS,
      images: 3,
      costPicoUsd: 3n * 40n,
    });
  });

  test('of images that report tokens is billed by those', () => {
    const attempt = start();
    attempt.receivedImages(3);
    attempt.reportedUsage({ tokens: REPORTED, isFinal: true });
    expect(attempt.end('success')).toMatchObject({ tokens: REPORTED, images: 3 });
  });
});
