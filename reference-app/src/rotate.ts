import { ConfigError, loadRotateConfig } from './config.ts';
import { loadMasterKeys } from './credentials/create-key-management.ts';
import { createKeyRing } from './credentials/key-ring.ts';
import { readMasterKeyState } from './credentials/master-key-state.ts';
import { createReadKey } from './credentials/read-key.ts';
import { rotateCredentials } from './credentials/rotate-credentials.ts';
import { openDatabase } from './database/database.ts';

const INCOMPLETE = 1;

/**
 * `node rotate.ts`: encrypts every credential under the current master key, while services run.
 * Ends with 1 when rows are left; running it again goes on there.
 */
async function rotate(): Promise<void> {
  const { keyManagement, databaseUrl, batchSize } = loadRotateConfig();
  const keyRing = createKeyRing(await loadMasterKeys(keyManagement));
  const stopped = new AbortController();
  process.on('SIGTERM', () => stopped.abort()).on('SIGINT', () => stopped.abort());
  const database = openDatabase(databaseUrl);
  const { pool } = database;
  const readKey = createReadKey(keyRing, ({ credentialId, keyVersion }) => {
    process.stderr.write(`credential ${credentialId} cannot be decrypted with ${keyVersion}\n`);
  });
  try {
    const options = { pool, keyRing, readKey, batchSize, signal: stopped.signal };
    await readMasterKeyState(pool, keyRing.currentVersion);
    const { rotated, left } = await rotateCredentials(options);
    process.stdout.write(
      `credentials under ${keyRing.currentVersion} now: ${rotated}; left under other keys: ${left}\n`,
    );
    if (left > 0) process.exitCode = INCOMPLETE;
  } finally {
    await database.close();
  }
}

try {
  await rotate();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ConfigError ? error.exitCode : 1;
}
