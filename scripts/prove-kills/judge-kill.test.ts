import { expect, test } from 'vitest';
import type { DatabaseReader, Row } from '#harness/database/database-reader.ts';
import type { WireEvidence } from '#harness/reconcile/fact.ts';
import type { ServiceCall } from '#harness/traffic/service-call.ts';
import { judgeKill } from './judge-kill.ts';

type Call = Pick<ServiceCall, 'end' | 'mark'>;

const read = { end: 'completed', mark: 'read' } as const;
const cutOff = { end: 'cut', mark: 'cut off' } as const;

/** One client's calls, each with its number of provider calls, and the rows of its inferences. */
async function judge(calls: readonly (readonly [Call, number])[], rows: readonly number[]) {
  const serviceCalls = calls.map(([call]) => ({ ...call, scenario: 'c' }) as ServiceCall);
  const providerCalls = calls.flatMap(([, sent], index) =>
    Array.from({ length: sent }, () => ({ cause: serviceCalls[index] })),
  );
  const evidence = { providerCalls, serviceCalls, fencedAtMs: 0 } as unknown as WireEvidence;
  const found: Row[] = rows.map((count, index) => ({
    client: 'c',
    inference_id: `i${index}`,
    rows: String(count),
  }));
  const database = { query: async () => found } as unknown as DatabaseReader;
  const { findings, ...judged } = await judgeKill({ evidence, database }, []);
  return { ...judged, found: findings.map(({ message }) => message) };
}

test('passes answers with all their rows, and a call that was cut off with or without them', async () => {
  const calls = [
    [read, 1],
    [read, 2],
    [cutOff, 2],
  ] as const;
  expect(await judge(calls, [1, 2])).toMatchObject({ answered: 2, cutOff: 1, found: [] });
  expect(await judge(calls, [1, 2, 1])).toMatchObject({ recordedUnanswered: 1, found: [] });
});

test('finds an answer whose last row is missing, and one without any', async () => {
  expect(await judge([[read, 2]], [1])).toMatchObject({
    found: [expect.stringContaining('wire 2 provider calls, database 1 rows')],
  });
  expect(await judge([[read, 1]], [])).toMatchObject({
    found: [expect.stringContaining('wire 1 provider calls, database 0 rows')],
  });
});

test('finds rows that are too many', async () => {
  expect(await judge([[cutOff, 1]], [2])).toMatchObject({
    found: [expect.stringContaining('wire 1 provider calls, database 2 rows')],
  });
  expect(await judge([[read, 1]], [1, 1])).toMatchObject({
    found: [expect.stringContaining('1 rows of i1 belong to none of its 1 calls')],
  });
});
