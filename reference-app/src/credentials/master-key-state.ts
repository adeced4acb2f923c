import type pg from 'pg';
import type { MasterKeyState } from '../metrics/credential-metrics.ts';

const READ_STATE = `select
    (select count(*) from credentials where key_version <> $1) as to_rotate,
    (select extract(epoch from min(first_used_at)) from master_key_versions
      where version = $1
        or exists (select 1 from credentials where key_version = version)) as oldest`;

/** Notes that the current version is in use, and reads how old the oldest one in use is. */
export async function readMasterKeyState(
  pool: pg.Pool,
  currentVersion: string,
): Promise<MasterKeyState> {
  await pool.query('insert into master_key_versions (version) values ($1) on conflict do nothing', [
    currentVersion,
  ]);
  const { rows } = await pool.query<{ to_rotate: string; oldest: string }>(READ_STATE, [
    currentVersion,
  ]);
  return {
    oldestFirstUsedSeconds: Number(rows[0]?.oldest),
    credentialsToRotate: Number(rows[0]?.to_rotate),
  };
}
