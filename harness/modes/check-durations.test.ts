import { expect, test } from 'vitest';
import { movementBetween } from '#harness/metrics/movement-between.ts';
import { parseExposition } from '#harness/metrics/parse-exposition.ts';
import type { PlayedCall } from '#harness/traffic/play.ts';
import type { Scenario } from '#harness/traffic/scenario.ts';
import type { ServiceCall } from '#harness/traffic/service-call.ts';
import { checkDurations } from './check-durations.ts';

const answer = { kind: 'generated', inputTokens: 1, outputTokens: 2 } as const;
const scenario: Scenario = {
  name: 'slow',
  says: 'It is slow.',
  caller: 'own-key',
  request: { method: 'POST', path: '/', body: {} },
  provider: [{ answer, beforeHeadMs: 20, beforeFirstContentMs: 30 }],
  expect: { status: 200 },
  movement: {},
};
const call = {
  end: 'completed',
  raced: false,
  startedAtMs: 1_000,
  firstContentAtMs: 1_060,
  endedAtMs: 1_080,
};
const durationMetrics = { operation: 'call_seconds', firstToken: 'first_seconds' };

/** The checks that find something when the service measured so many seconds. */
function found(
  measured: { call: number; first: number },
  more: { call?: Partial<ServiceCall>; scenario?: Partial<Scenario> } = {},
): string[] {
  const text = (by: { call: number; first: number }): string =>
    Object.entries(by)
      .map(
        ([name, sum]) =>
          `# TYPE ${name}_seconds histogram\n${name}_seconds_bucket{le="+Inf"} 1\n${name}_seconds_sum ${sum}\n${name}_seconds_count 1\n`,
      )
      .join('');
  const movement = movementBetween(
    parseExposition(text({ call: 0, first: 0 })),
    parseExposition(text(measured)),
  );
  const played = [{ call: { ...call, ...more.call } }] as unknown as PlayedCall[];
  const asked = { ...scenario, ...more.scenario };
  return checkDurations(asked, played, movement, { durationMetrics }).findings.map(
    ({ check }) => check,
  );
}

test('finds nothing in clocks that lie inside each other', () => {
  expect(found({ call: 0.07, first: 0.055 })).toEqual([]);
  expect(found({ call: 0.05, first: 0.05 })).toEqual([]);
  expect(found({ call: 0.08, first: 0.06 })).toEqual([]);
});

test('finds a clock that starts too late, or counts in another unit', () => {
  expect(found({ call: 0.07, first: 0.031 })).toEqual(['contracts/slow/first-token']);
  expect(found({ call: 70, first: 55 })).toEqual([
    'contracts/slow/duration',
    'contracts/slow/first-token',
  ]);
});

test('asks no more of a service whose client left than the clocks that ran to their ends', () => {
  const left = { call: { end: 'left', endedAtMs: 1_061 } } as const;
  expect(found({ call: 0.07, first: 0.055 }, left)).toEqual([]);
  expect(found({ call: 0.07, first: 0.061 }, left)).toEqual(['contracts/slow/first-token']);
  const raced = { call: { end: 'left', raced: true } } as const;
  expect(found({ call: 0.09, first: 0.07 }, raced)).toEqual([]);
});

test('expects no first token of a plain answer', () => {
  const plain = {
    call: { firstContentAtMs: undefined },
    scenario: { provider: [{ answer, beforeHeadMs: 20 }] },
  };
  expect(found({ call: 0.03, first: 0 }, plain)).toEqual([]);
  expect(found({ call: 0.01, first: 0.01 }, plain)).toEqual([
    'contracts/slow/duration',
    'contracts/slow/first-token',
  ]);
});

test('says what it compared', () => {
  const movement = movementBetween(parseExposition(''), parseExposition(''));
  const played = [{ call }] as unknown as PlayedCall[];
  const { findings } = checkDurations(scenario, played, movement, { durationMetrics });
  expect(findings[0]?.message).toBe(
    'slow: call_seconds rose by 0.000 ms, but the provider was told to wait 50 ms, and the client waited 80.000 ms: scripted ≤ service’s ≤ client’s does not hold. (It is slow.)',
  );
});
