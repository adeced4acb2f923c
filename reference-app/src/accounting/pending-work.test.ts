import { describe, expect, test } from 'vitest';
import { PendingWork } from './pending-work.ts';

describe('pending work', () => {
  test('settles when all of it is over, also what failed and what came later', async () => {
    const pending = new PendingWork();
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    pending.track(first.promise).catch(() => pending.track(second.promise));
    let isSettled = false;
    const settled = pending.settle().then(() => {
      isSettled = true;
    });
    first.reject(new Error('lost'));
    await expect(first.promise).rejects.toThrow('lost');
    expect(isSettled).toBe(false);
    second.resolve();
    await settled;
    expect(isSettled).toBe(true);
  });

  test('of which there is none is settled at once', async () => {
    await expect(new PendingWork().settle()).resolves.toBeUndefined();
  });
});
