import { text } from 'node:stream/consumers';
import pg from 'pg';
import { processEnvironment } from '#harness/config/env.ts';
import { runCommand } from '#harness/processes/run-command.ts';
import type { SeedUser } from '#harness/traffic/callers.ts';

/**
 * `node seed.ts < seed.json`: the service's own seed, with what only years and accidents bring
 * about: one user's key is still under an older master key, and another's was damaged. Other users
 * are stored as they come.
 */

const UNDER_OLD_KEY = 'key-under-old-master-key';
const DAMAGED = 'unreadable-credential';

const env = processEnvironment();
const { users }: { users: SeedUser[] } = JSON.parse(await text(process.stdin));

async function seed(some: readonly SeedUser[], masterKeys: readonly string[]): Promise<void> {
  if (some.length === 0) return;
  await runCommand({
    command: [process.execPath, 'reference-app/src/seed.ts'],
    cwd: process.cwd(),
    env: { ...env, MASTER_KEYS: masterKeys.join(',') },
    input: JSON.stringify({ users: some }),
  });
}

const masterKeys = (env['MASTER_KEYS'] ?? '').split(',');
const { old = [], current = [] } = Object.groupBy(users, ({ name }) =>
  name === UNDER_OLD_KEY ? 'old' : 'current',
);
await seed(current, masterKeys);
await seed(old, masterKeys.toReversed());

const database = new pg.Client({ connectionString: env['DATABASE_URL'] ?? '' });
await database.connect();
await database.query(
  "update credentials set nonce = nonce || '\\x00'::bytea from users where users.id = user_id and users.name = $1",
  [DAMAGED],
);
await database.end();
