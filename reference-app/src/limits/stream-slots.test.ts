import { describe, expect, test, vi } from 'vitest';
import { StreamSlots } from './stream-slots.ts';

describe('stream slots', () => {
  test('refuse what is over the user’s limit, and only of that user', async () => {
    const onLimited = vi.fn();
    const slots = new StreamSlots({ perUser: 1, onLimited });
    const first = Promise.withResolvers<void>();
    const running = slots.run('ann', () => first.promise);
    await expect(slots.run('ann', () => Promise.resolve())).rejects.toMatchObject({ status: 429 });
    await expect(slots.run('bob', () => Promise.resolve('bob'))).resolves.toBe('bob');
    expect(onLimited).toHaveBeenCalledOnce();
    first.resolve();
    await running;
    await expect(slots.run('ann', () => Promise.resolve('ann'))).resolves.toBe('ann');
  });

  test('are given back by work that fails', async () => {
    const slots = new StreamSlots({ perUser: 1, onLimited: () => undefined });
    await expect(slots.run('ann', () => Promise.reject(new Error('No.')))).rejects.toThrow('No.');
    await expect(slots.run('ann', () => Promise.resolve('ann'))).resolves.toBe('ann');
  });

  test('have no limit when it is 0', async () => {
    const slots = new StreamSlots({ perUser: 0, onLimited: () => undefined });
    const nested = slots.run('ann', () => slots.run('ann', () => Promise.resolve('inner')));
    await expect(nested).resolves.toBe('inner');
  });
});
