import { describe, expect, test } from 'vitest';
import { inBatches } from './in-batches.ts';

/** A statement that ends when it is told to; `refuse` makes one with this item fail as a whole. */
function createStatements(refused?: { item: number; error: Error }) {
  const asked: (readonly number[])[] = [];
  let gate = Promise.withResolvers<void>();
  const ask = inBatches<number, number>({
    run: async (items) => {
      asked.push(items);
      await gate.promise;
      if (refused !== undefined && items.includes(refused.item)) throw refused.error;
      return items.map((item) => item * 10);
    },
    isOfOneItem: (error) => error instanceof RangeError,
  });
  return {
    ask,
    asked,
    endAll: () => gate.resolve(),
    hold: () => {
      gate = Promise.withResolvers();
    },
  };
}

describe('batches', () => {
  test('ask at once when nothing is under way, and together what came meanwhile', async () => {
    const { ask, asked, endAll, hold } = createStatements();
    const first = [1, 2, 3].map(ask);
    expect(asked).toEqual([[1]]);
    endAll();
    expect(await Promise.all(first)).toEqual([10, 20, 30]);
    expect(asked).toEqual([[1], [2, 3]]);
    hold();
    const later = ask(4);
    expect(asked.at(-1)).toEqual([4]);
    endAll();
    expect(await later).toBe(40);
  });

  test('are bounded', async () => {
    const { ask, asked, endAll } = createStatements();
    const all = Array.from({ length: 300 }, (_, item) => ask(item));
    endAll();
    await Promise.all(all);
    expect(asked.map(({ length }) => length)).toEqual([1, 200, 99]);
  });

  test('let only that item fail which the error is about', async () => {
    const error = new RangeError('refused');
    const { ask, asked, endAll } = createStatements({ item: 4, error });
    const all = [1, 2, 3, 4, 5].map(ask);
    endAll();
    const ends = await Promise.allSettled(all);
    expect(ends.map(({ status }) => status === 'fulfilled')).toEqual([
      true,
      true,
      true,
      false,
      true,
    ]);
    expect(ends[3]).toMatchObject({ reason: error });
    expect(asked.filter((items) => items.includes(5))).toHaveLength(3);
  });

  test('fail as a whole otherwise, because what became of the others is not known', async () => {
    const error = new Error('connection lost');
    const { ask, asked, endAll } = createStatements({ item: 3, error });
    const all = [1, 2, 3].map(ask);
    endAll();
    const ends = await Promise.allSettled(all);
    expect(ends).toEqual([
      { status: 'fulfilled', value: 10 },
      { status: 'rejected', reason: error },
      { status: 'rejected', reason: error },
    ]);
    expect(asked).toHaveLength(2);
    const after = ask(7);
    expect(await after).toBe(70);
  });
});
