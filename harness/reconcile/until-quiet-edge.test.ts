import { expect, test, vi } from 'vitest';
import { msUntilQuietEdge, untilQuietEdge } from './until-quiet-edge.ts';

const MINUTE = [{ ms: 60_000, quietMs: 2_000 }];

function wait(nowMs: number, ...endsMs: readonly number[]): number {
  return msUntilQuietEdge(MINUTE, { endsMs, nowMs });
}

test('waits for nothing where all is inside the window, or long before it', () => {
  expect(wait(1_000_000)).toBe(0);
  expect(wait(1_000_000, 990_000, 999_999)).toBe(0);
  expect(wait(1_000_000, 1_000, 900_000)).toBe(0);
});

test('waits until what ended at the edge has left it', () => {
  expect(wait(1_000_000, 940_000)).toBe(2_000);
  // It would come to the edge while Prometheus is waited for.
  expect(wait(1_000_000, 945_000)).toBe(7_000);
});

test('goes on to the first gap that is wide enough', () => {
  expect(wait(1_000_000, 940_000, 943_000, 946_000, 980_000)).toBe(8_000);
  const all = Array.from({ length: 31 }, (_, index) => 940_000 + 2_000 * index);
  expect(wait(1_000_000, ...all)).toBe(62_000);
});

test('waits as long, says so, and ends with its signal', async () => {
  const progress = vi.fn();
  await untilQuietEdge([{ ms: 50, quietMs: 20 }], { endsMs: [1_000], nowMs: 1_040 }, { progress });
  expect(progress).toHaveBeenCalledExactlyOnceWith('waiting 1 s for a window whose edge is quiet');
  const busy = { endsMs: [940_000], nowMs: 1_000_000 };
  const signal = AbortSignal.abort(new Error('Ctrl-C'));
  await expect(untilQuietEdge(MINUTE, busy, { progress, signal })).rejects.toThrow('aborted');
  await untilQuietEdge(MINUTE, { endsMs: [], nowMs: 0 }, { progress });
  expect(progress).toHaveBeenCalledTimes(2);
});
