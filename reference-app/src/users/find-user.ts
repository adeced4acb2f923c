import { timingSafeEqual } from 'node:crypto';
import type pg from 'pg';
import { hashApiKey } from './hash-api-key.ts';
import type { User } from './user.ts';
import type { UserCache } from './user-cache.ts';

/** Who holds this service key: undefined for a key that no user has. */
export type FindUser = (apiKey: string) => Promise<User | undefined>;

export type LookupSource = 'cache' | 'database';

interface LookupOptions {
  readonly pool: pg.Pool;
  readonly isTesting: boolean;
  /** Not used in testing. */
  readonly cache: UserCache;
  readonly onLookup: (source: LookupSource) => void;
}

const FIND_USER = {
  name: 'find-user',
  text: 'select id, name, cache_answers, api_key_hash from users where api_key_hash = $1',
};

interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly cache_answers: boolean;
  readonly api_key_hash: Buffer;
}

async function findInDatabase(pool: pg.Pool, hash: Buffer): Promise<User | undefined> {
  const { rows } = await pool.query<UserRow>({
    ...FIND_USER,
    values: [hash],
  });
  const row = rows[0];
  if (row === undefined || !timingSafeEqual(row.api_key_hash, hash)) return undefined;
  return { id: row.id, name: row.name, cachesAnswers: row.cache_answers };
}

/**
 * The one branch between the modes. In testing every look-up asks the database, so that a test
 * sees the rows it has just written; in production a key found in the database is remembered for a
 * moment. An unknown key is never remembered and never let in, in either mode.
 */
export function createFindUser({ pool, isTesting, cache, onLookup }: LookupOptions): FindUser {
  const askDatabase = (hash: Buffer): Promise<User | undefined> => {
    onLookup('database');
    return findInDatabase(pool, hash);
  };
  if (isTesting) return (apiKey) => askDatabase(hashApiKey(apiKey));

  return async (apiKey) => {
    const hash = hashApiKey(apiKey);
    const cacheKey = hash.toString('base64');
    const cached = cache.get(cacheKey);
    if (cached !== undefined) {
      onLookup('cache');
      return cached;
    }
    const user = await askDatabase(hash);
    if (user !== undefined) cache.set(cacheKey, user);
    return user;
  };
}
