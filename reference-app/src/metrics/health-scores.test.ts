import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { createHealthScores, type HealthScores } from './health-scores.ts';

type Event = Parameters<HealthScores['count']>[0];
const EVENT: Event = {
  provider: 'openai',
  outcome: 'success',
  providerStatus: 200,
  timeToFirstTokenSeconds: undefined,
};
const FAILURE = { outcome: 'error', providerStatus: 500 } as const;

/** Counts attempts and reads the score of openai after each of them. */
async function scoresAfter(...events: readonly Partial<Event>[]): Promise<number[]> {
  const { count, readScores } = createScores();
  const scores: number[] = [];
  for (const event of events) {
    count(event);
    scores.push((await readScores())['openai'] ?? Number.NaN);
  }
  return scores;
}

function createScores() {
  const registry = new Registry();
  const clock = { nowMs: 0 };
  const providers = ['openai', 'google'];
  const health = createHealthScores(registry, { providers, nowMs: () => clock.nowMs });
  const showScores = async (): Promise<Record<string, number>> => {
    const [metric] = await registry.getMetricsAsJSON();
    return Object.fromEntries(metric?.values.map((s) => [s.labels['provider'], s.value]) ?? []);
  };
  return {
    clock,
    count: (event: Partial<Event>) => health.count({ ...EVENT, ...event }),
    showScores,
    readScores: () => {
      health.freeze();
      return showScores();
    },
  };
}

describe('health score', () => {
  test('is 100 without traffic, from the start on', async () => {
    const { showScores, readScores } = createScores();
    expect(await showScores()).toEqual({ openai: 100, google: 100 });
    expect(await readScores()).toEqual({ openai: 100, google: 100 });
  });

  test('falls to 80 by one failure, and below 60 by the third in a row', async () => {
    expect(await scoresAfter(FAILURE, FAILURE, FAILURE, FAILURE)).toEqual([80, 67, 57, 50]);
  });

  test('recovers by successes', async () => {
    expect(await scoresAfter(FAILURE, {}, {}, {})).toEqual([80, 83, 86, 88]);
  });

  test.for([
    ['a stream that broke off', { outcome: 'cut' }],
    ['an error inside a 200', { outcome: 'error', providerStatus: 200 }],
    ['an overload', { outcome: 'error', providerStatus: 529 }],
    ['a provider that was not reached', { outcome: 'error', providerStatus: undefined }],
  ] as const)('counts %s as a failure', async ([, event]) => {
    expect(await scoresAfter(event)).toEqual([80]);
  });

  test.for([400, 401, 403, 404, 413, 422, 429])(
    'counts a refusal by %i for nothing',
    async (providerStatus) => {
      expect(await scoresAfter({ outcome: 'error', providerStatus }, FAILURE)).toEqual([100, 80]);
    },
  );

  test('counts a client that left for nothing', async () => {
    expect(await scoresAfter({ outcome: 'client_abort' }, FAILURE)).toEqual([100, 80]);
  });

  test('takes a quarter off streams whose first token was slow', async () => {
    expect(await scoresAfter({ timeToFirstTokenSeconds: 30 })).toEqual([100]);
    expect(await scoresAfter({ timeToFirstTokenSeconds: 30.1 })).toEqual([95]);
    const slow = Array.from({ length: 1_000 }, () => ({ timeToFirstTokenSeconds: 31 }));
    expect((await scoresAfter(...slow)).at(-1)).toBe(75);
  });

  test('forgets an attempt after five minutes, but only when a snapshot is taken', async () => {
    const { clock, count, showScores, readScores } = createScores();
    count(FAILURE);
    expect(await readScores()).toEqual({ openai: 80, google: 100 });
    clock.nowMs = 5 * 60_000;
    expect(await readScores()).toEqual({ openai: 80, google: 100 });
    clock.nowMs += 1_000;
    expect(await showScores()).toEqual({ openai: 80, google: 100 });
    expect(await readScores()).toEqual({ openai: 100, google: 100 });
  });

  test('leaves a provider that is not registered alone', async () => {
    const { count, readScores } = createScores();
    count({ ...FAILURE, provider: 'nobody' });
    expect(await readScores()).toEqual({ openai: 100, google: 100 });
  });
});
