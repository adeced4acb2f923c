import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'vitest';
import type { RunningService } from '#contracts/testing/running-service.ts';

interface KillOptions {
  command: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
  /** The command stands in the statement that changes the row after these, in the order of ids. */
  afterRows: number;
}

const LOCK = 20_261_122;

/**
 * Runs a command and kills it at an exact place: a trigger makes it wait for a lock at one row,
 * and nothing but the kill ends that.
 */
export async function killWhileItRotates(
  { database, root }: RunningService,
  { command: [file, ...args], env, afterRows }: KillOptions,
): Promise<void> {
  await database.query(`
    create function stand_still() returns trigger language plpgsql as
      'begin perform pg_advisory_xact_lock(${LOCK}); return new; end';
    do $$ begin execute format(
      'create trigger stand_still before update on credentials for each row when (old.id = %L)
       execute function stand_still()',
      (select id from credentials order by id offset ${afterRows} limit 1)); end $$`);
  await database.query(`select pg_advisory_lock(${LOCK})`);
  const child = spawn(file, args, { cwd: root, env, stdio: 'ignore' });
  try {
    const waiting = `select count(*) as waiting from pg_locks
      where locktype = 'advisory' and objid = ${LOCK} and not granted`;
    await expect
      .poll(() => database.query(waiting), { timeout: 10_000 })
      .toEqual([{ waiting: '1' }]);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'close');
    await database.query(`select pg_advisory_unlock(${LOCK})`);
    // Waits until the database has noticed the death and rolled back.
    await database.query('drop trigger stand_still on credentials; drop function stand_still');
  }
}
