import { describe, expect, onTestFinished, vi } from 'vitest';
import { build, loadConfig } from '#app/app.ts';
import type { RunningService } from '#contracts/testing/running-service.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { startSibling } from '#contracts/testing/start-sibling.ts';
import { runCommand } from '#harness/processes/run-command.ts';
import {
  AWS_CREDENTIALS,
  REGION,
  SECRET_ID,
  type SecretAnswer,
  type SecretsManager,
  startSecretsManager,
} from './secrets-manager.ts';
import { listCredentials, storeCredential } from './stored-credential.ts';

const KEY = Buffer.alloc(32, 'tally').toString('base64');
const V1 = `v1:${KEY}`;
const V2 = `v2:${Buffer.alloc(32, 'second').toString('base64')}`;

const test = serviceTest({ environment: () => ({ ROTATION_INTERVAL_MS: '0' }) });
const integration = { tags: ['integration'] };
const LIMIT = { timeout: 10_000 };

/** The environment of a service that has no master key of its own. */
function environment({ url }: Pick<SecretsManager, 'url'>): Record<string, string> {
  return {
    ...AWS_CREDENTIALS,
    KEY_MANAGEMENT: 'aws',
    MASTER_KEYS: '',
    MASTER_KEYS_SECRET_ID: SECRET_ID,
    AWS_REGION: REGION,
    AWS_ENDPOINT_URL: url,
    ROTATION_INTERVAL_MS: '20',
  };
}

function versionOf({ database }: RunningService, id: string): Promise<unknown> {
  return database.query(`select key_version from credentials where id = '${id}'`);
}

/** What the service says of its key management when it starts in this process. */
async function buildWith(
  service: RunningService,
  aws: { endpointUrl: string; secretId?: string },
): Promise<string> {
  for (const [name, value] of Object.entries(AWS_CREDENTIALS)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const changes = {
    ...environment({ url: aws.endpointUrl }),
    ...(aws.secretId !== undefined && { MASTER_KEYS_SECRET_ID: aws.secretId }),
    LOG_LEVEL: 'silent',
  };
  const started = build(loadConfig(service.environment(0, changes)));
  return started.then(
    async (app) => {
      await app.close();
      return 'started';
    },
    (error: unknown) => String(error),
  );
}

describe('master keys in AWS Secrets Manager', () => {
  test(
    'are read again without a restart, whatever fails meanwhile',
    integration,
    async ({ service }) => {
      await using secrets = await startSecretsManager({ secret: V1 });
      await using sibling = await startSibling(service, environment(secrets));
      const { url } = sibling;
      const user = service.newUser();
      const stored = await storeCredential(user, { api_key: service.newProviderKey() });

      secrets.answer = { secret: `${V1},${V2}` };
      const asked = secrets.requests;
      await expect.poll(() => secrets.requests, LIMIT).toBeGreaterThan(asked + 1);
      secrets.answer = { error: 'AccessDeniedException' };
      const warnings = () => sibling.log.lines.filter((line) => line.includes('AccessDenied'));
      await expect.poll(() => warnings().length, LIMIT).toBeGreaterThan(0);
      expect(await listCredentials(user, { url })).toEqual([stored]);
      expect(await versionOf(service, stored.id)).toEqual([{ key_version: 'v1' }]);

      secrets.answer = { secret: `${V2},${V1}` };
      await expect
        .poll(() => versionOf(service, stored.id), LIMIT)
        .toEqual([{ key_version: 'v2' }]);
      expect(await listCredentials(user, { url })).toEqual([stored]);
      expect(sibling.log.lines.filter((line) => line.includes(KEY.slice(0, 8)))).toEqual([]);
    },
  );

  test('serve the rotate command too', integration, async ({ service }) => {
    await using secrets = await startSecretsManager({ secret: `${V2},${V1}` });
    const stored = await storeCredential(service.newUser(), { api_key: service.newProviderKey() });
    await runCommand({
      command: ['node', 'reference-app/src/rotate.ts'],
      cwd: service.root,
      env: service.environment(0, environment(secrets)),
    });
    expect(await versionOf(service, stored.id)).toEqual([{ key_version: 'v2' }]);
  });

  test.for<[string, SecretAnswer, RegExp, number]>([
    ['that the service may not read', { error: 'AccessDeniedException' }, /GetSecretValue/, 1],
    ['that cannot be decrypted', { error: 'DecryptionFailure' }, /kms:Decrypt/, 1],
    ['behind a throttle', { error: 'ThrottlingException' }, /ThrottlingException/, 3],
    ['of a failing AWS', { error: 'InternalServiceError', status: 500 }, /InternalService/, 3],
    ['that is no list of keys', { secret: KEY }, /secret byom.* is not a list of distinct/, 1],
    ['that is empty', { secret: '' }, /secret byom.* is not a list of distinct/, 1],
    ['in an answer that is no JSON', { raw: V1 }, /SyntaxError/, 1],
    ['in an answer without a text', { raw: '{}' }, /is not a list of distinct/, 1],
  ])(
    'refuse to start with a secret %s',
    integration,
    async ([, answer, reason, times], { service }) => {
      await using secrets = await startSecretsManager(answer);
      const message = await buildWith(service, { endpointUrl: secrets.url });
      expect(message).toMatch(reason);
      expect(message).toContain(SECRET_ID);
      expect(message).toContain('fix: ');
      expect(message).not.toContain(KEY.slice(0, 4));
      expect(secrets.requests).toBe(times);
    },
  );

  test('refuse to start with a secret that does not exist', integration, async ({ service }) => {
    await using secrets = await startSecretsManager({ secret: V1 });
    const message = await buildWith(service, { endpointUrl: secrets.url, secretId: 'other' });
    expect(message).toMatch(/secret other: ResourceNotFoundException.\nfix: create the secret/);
  });

  test('refuse to start when nobody answers', integration, async ({ service }) => {
    const message = await buildWith(service, { endpointUrl: 'http://127.0.0.1:9' });
    expect(message).toMatch(/secret byom\/master-keys: ECONNREFUSED/);
  });
});
