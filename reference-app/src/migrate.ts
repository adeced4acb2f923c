import { ConfigError, loadDatabaseConfig } from './config.ts';
import { openDatabase } from './database/database.ts';
import { migrateToNewest } from './database/migrate-to-newest.ts';

/** `node migrate.ts`: brings the database named by DATABASE_URL to the newest schema. */
async function migrate(): Promise<void> {
  const database = openDatabase(loadDatabaseConfig().databaseUrl);
  try {
    const applied = await migrateToNewest(database);
    process.stdout.write(
      `migrations applied: ${applied.length === 0 ? 'none were missing' : applied.join(', ')}\n`,
    );
  } finally {
    await database.close();
  }
}

try {
  await migrate();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof Error && error.cause instanceof Error)
    process.stderr.write(`${error.cause.message}\n`);
  process.exitCode = error instanceof ConfigError ? error.exitCode : 1;
}
