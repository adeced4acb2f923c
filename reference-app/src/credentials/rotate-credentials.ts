import type pg from 'pg';
import type { KeyRing } from './key-ring.ts';
import type { ReadKey, StoredKey } from './read-key.ts';

export interface RotationOptions {
  readonly pool: pg.Pool;
  readonly keyRing: KeyRing;
  readonly readKey: ReadKey;
  /** Rows that one transaction encrypts anew. */
  readonly batchSize: number;
  /** Ends the rotation after the batch that runs; what it has done stays done. */
  readonly signal: AbortSignal;
  /** Told of each batch that is committed. */
  readonly onBatch?: (rotated: number) => void;
}

export interface Rotation {
  readonly rotated: number;
  /** Rows that are still under another key: unreadable, locked by someone else, or not reached. */
  readonly left: number;
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

// Deleted credentials too: as long as a row needs an old master key, that key cannot be retired.
// A row that a user is changing right now is passed over: the change encrypts it anew by itself.
const SELECT_BATCH = `select id, user_id, provider, key_version, nonce, ciphertext from credentials
  where key_version <> $1 and id > $2 order by id limit $3 for update skip locked`;

// updated_at is left alone: nothing that its owner can see has changed.
const UPDATE_BATCH = `update credentials set key_version = $1, nonce = fresh.nonce,
    ciphertext = fresh.ciphertext
  from unnest($2::uuid[], $3::bytea[], $4::bytea[]) as fresh (id, nonce, ciphertext)
  where credentials.id = fresh.id`;

/**
 * Encrypts every credential under the current master key, batch by batch, while the service goes
 * on. What is left to do is read from the rows themselves, so a rotation that was interrupted or
 * killed goes on where it was, and several at once share the work.
 */
export async function rotateCredentials(options: RotationOptions): Promise<Rotation> {
  const { pool, keyRing, signal, onBatch } = options;
  let rotated = 0;
  let after: string | undefined = FIRST_ID;
  while (after !== undefined && !signal.aborted) {
    const batch: Batch = await rotateBatch(options, after);
    rotated += batch.rotated;
    after = batch.last;
    if (batch.rotated > 0) onBatch?.(batch.rotated);
  }
  const { rows } = await pool.query<{ left: string }>(
    'select count(*) as left from credentials where key_version <> $1',
    [keyRing.currentVersion],
  );
  return { rotated, left: Number(rows[0]?.left) };
}

interface Batch {
  readonly rotated: number;
  /** The last id of the batch; undefined when there was none left. */
  readonly last: string | undefined;
}

async function rotateBatch(options: RotationOptions, after: string): Promise<Batch> {
  const { pool, keyRing, batchSize } = options;
  const version = keyRing.currentVersion;
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query<StoredKey>(SELECT_BATCH, [version, after, batchSize]);
    const fresh = encryptAnew(rows, options);
    await client.query(UPDATE_BATCH, [
      version,
      fresh.map(({ id }) => id),
      fresh.map(({ nonce }) => nonce),
      fresh.map(({ ciphertext }) => ciphertext),
    ]);
    await client.query('commit');
    client.release();
    return { rotated: fresh.length, last: rows.at(-1)?.id };
  } catch (error) {
    // The connection goes, and the open transaction with it.
    client.release(true);
    throw error;
  }
}

function encryptAnew(rows: readonly StoredKey[], { keyRing, readKey }: RotationOptions) {
  return rows.flatMap((row) => {
    const apiKey = readKey(row);
    if (apiKey === undefined) return [];
    const owner = { userId: row.user_id, provider: row.provider };
    return [{ id: row.id, ...keyRing.encrypt(apiKey, owner) }];
  });
}
