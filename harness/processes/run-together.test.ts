import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { runTogether } from './run-together.ts';

describe('runTogether', () => {
  test('gives the results in the order of the tasks', async () => {
    const [one, two] = await runTogether([async () => await nextTurn(1), async () => 'two']);
    expect([one, two]).toEqual([1, 'two']);
  });

  test('ends the others when one throws, and throws that once they have ended', async () => {
    const order: string[] = [];
    const waits = async (signal: AbortSignal) => {
      await once(signal, 'abort');
      await nextTurn();
      order.push('ended');
      throw new Error('was aborted');
    };
    const breaks = async () => {
      throw new RangeError('broke');
    };
    await expect(runTogether([waits, breaks])).rejects.toThrow('broke');
    expect(order).toEqual(['ended']);
  });

  test('is ended from outside', async () => {
    const outside = new AbortController();
    const waits = async (signal: AbortSignal) => {
      await once(signal, 'abort');
      signal.throwIfAborted();
    };
    const running = runTogether([waits], outside.signal);
    outside.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });
});
