import { Migrator } from 'kysely/migration';
import type { Database } from './database.ts';
import { up as createUsersCredentialsUsage } from './migrations/0001-create-users-credentials-usage.ts';
import { up as manageCredentials } from './migrations/0002-manage-credentials.ts';
import { up as numberAttempts } from './migrations/0003-number-attempts.ts';
import { up as rememberAnswersAndSessions } from './migrations/0004-remember-answers-and-sessions.ts';

/**
 * Every migration in its order. They are listed, not globbed, so that a build or a rename cannot
 * silently lose one.
 */
const MIGRATIONS = {
  '0001-create-users-credentials-usage': { up: createUsersCredentialsUsage },
  '0002-manage-credentials': { up: manageCredentials },
  '0003-number-attempts': { up: numberAttempts },
  '0004-remember-answers-and-sessions': { up: rememberAnswersAndSessions },
};

/**
 * Applies the migrations that are missing, all in one transaction under the migrator's advisory
 * lock, so that several starting instances may call it at once. Returns the names it applied.
 */
export async function migrateToNewest(database: Database): Promise<readonly string[]> {
  const migrator = new Migrator({
    db: database.kysely,
    provider: { getMigrations: () => Promise.resolve(MIGRATIONS) },
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const failed =
      results.find((result) => result.status === 'Error')?.migrationName ?? 'none of them';
    throw new Error(`The migrations failed at ${failed}; nothing was changed.`, { cause: error });
  }
  return results.map((result) => result.migrationName);
}
