import { createSecretKey } from 'node:crypto';
import { describe, expect, onTestFinished } from 'vitest';
import { build, type Dependencies, loadConfig } from '#app/app.ts';
import type { RunningService } from '#contracts/testing/running-service.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { listCredentials, storeCredential } from './stored-credential.ts';

const test = serviceTest({ environment: () => ({ ROTATION_INTERVAL_MS: '0' }) });
const integration = { tags: ['integration'] };
const LIMIT = { timeout: 10_000 };

type KeyManagement = NonNullable<Dependencies['keyManagement']>;
type MasterKeys = Awaited<ReturnType<KeyManagement['load']>>;

const V1 = createSecretKey(Buffer.alloc(32, 'tally'));
const V9 = createSecretKey(Buffer.alloc(32, 'ninth'));
const BEFORE: MasterKeys = { current: 'v1', keys: new Map([['v1', V1]]) };
const AFTER: MasterKeys = {
  current: 'v9',
  keys: new Map([
    ['v9', V9],
    ['v1', V1],
  ]),
};

/** The service in this process, on the database of the file's own, with another key management. */
async function startWith(service: RunningService, keyManagement: KeyManagement): Promise<string> {
  const environment = service.environment(0, { ROTATION_INTERVAL_MS: '20', LOG_LEVEL: 'silent' });
  const app = await build(loadConfig(environment), { keyManagement });
  onTestFinished(() => app.close());
  return app.listen({ host: '127.0.0.1', port: 0 });
}

function versionOf({ database }: RunningService, id: string): Promise<unknown> {
  return database.query(`select key_version from credentials where id = '${id}'`);
}

describe('a key management that makes a new master key', () => {
  test(
    'has all rows under it without a restart, whatever fails meanwhile',
    integration,
    async ({ service }) => {
      const user = service.newUser();
      const stored = await storeCredential(user, { api_key: service.newProviderKey() });
      let answer: () => Promise<MasterKeys> = () => Promise.resolve(BEFORE);
      let failures = 0;
      const url = await startWith(service, { load: () => answer() });

      answer = () => {
        failures += 1;
        return Promise.reject(new Error('throttled'));
      };
      await expect.poll(() => failures, LIMIT).toBeGreaterThan(1);
      expect(await listCredentials(user, { url })).toEqual([stored]);
      expect(await versionOf(service, stored.id)).toEqual([{ key_version: 'v1' }]);

      answer = () => Promise.resolve(AFTER);
      await expect
        .poll(() => versionOf(service, stored.id), LIMIT)
        .toEqual([{ key_version: 'v9' }]);
      expect(await listCredentials(user, { url })).toEqual([stored]);
    },
  );

  test('that cannot be read at the start refuses to start', integration, async ({ service }) => {
    const load = () => Promise.reject(new Error('no access'));
    await expect(startWith(service, { load })).rejects.toThrow('no access');
  });
});
