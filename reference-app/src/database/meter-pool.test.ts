import { EventEmitter } from 'node:events';
import type pg from 'pg';
import { describe, expect, test } from 'vitest';
import { meterPool, type Query } from './meter-pool.ts';

type Callback = (error: Error | undefined, result?: unknown) => void;

/** Answers as node-postgres does: to a callback if there is one, else by a promise. */
function answer(args: unknown[], error: Error | undefined, result: unknown): unknown {
  const callback = args.at(-1);
  if (typeof callback === 'function') {
    queueMicrotask(() => (callback as Callback)(error, result));
    return undefined;
  }
  return error === undefined ? Promise.resolve(result) : Promise.reject(error);
}

function createMeteredPool({ isDown = false } = {}) {
  const clock = { nowMs: 0 };
  const ended: unknown[] = [];
  const client = {
    query: (...args: unknown[]) => {
      clock.nowMs += 250;
      const [query] = args as [string | Query];
      return answer(args, query === 'wrong' ? new Error('syntax') : undefined, 'rows');
    },
  };
  const pool = Object.assign(new EventEmitter(), {
    connect: (...args: unknown[]) => {
      clock.nowMs += 1_000;
      return answer(args, isDown ? new Error('refused') : undefined, client);
    },
  });
  meterPool(pool as unknown as pg.Pool, {
    onQuery: (outcome, seconds) => ended.push([outcome, seconds]),
    nowMs: () => clock.nowMs,
  });
  pool.emit('connect', client);
  return { pool, client, ended };
}

describe('metered pool', () => {
  test('counts a query whose end is told by a promise, before its caller goes on', async () => {
    const { client, ended } = createMeteredPool();
    expect(await client.query('right')).toBe('rows');
    expect(ended).toEqual([['success', 0.25]]);
    await expect(client.query('wrong')).rejects.toThrow('syntax');
    expect(ended.at(-1)).toEqual(['error', 0.25]);
  });

  test('counts a query whose end is told to a callback', async () => {
    const { client, ended } = createMeteredPool();
    const said = await new Promise((resolve) => {
      client.query('right', [], (_: unknown, rows: unknown) => resolve(rows));
    });
    expect(said).toBe('rows');
    const error = await new Promise((resolve) => {
      client.query('wrong', undefined, resolve);
    });
    expect(error).toEqual(new Error('syntax'));
    expect(ended).toEqual([
      ['success', 0.25],
      ['error', 0.25],
    ]);
  });

  test('counts no query that watches the service, however it ends', async () => {
    const { client, ended } = createMeteredPool();
    await client.query({ text: 'select 1', isMetered: false });
    expect(ended).toEqual([]);
  });

  test('counts a connection that could not be had as a failed query, and one that was had not', async () => {
    const { pool, ended } = createMeteredPool();
    await pool.connect();
    expect(ended).toEqual([]);
    const away = createMeteredPool({ isDown: true });
    await expect(away.pool.connect()).rejects.toThrow('refused');
    expect(away.ended).toEqual([['error', 1]]);
  });
});
