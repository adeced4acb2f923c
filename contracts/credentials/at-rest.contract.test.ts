import { createDecipheriv } from 'node:crypto';
import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { routeEnded } from '#contracts/movements.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { unreadable } from './movements.ts';
import { errorBody, listCredentials, storeCredential } from './stored-credential.ts';

/** Stated here as well, so that the format at rest cannot change unseen. */
const MASTER_KEY = Buffer.alloc(32, 'at rest');
const test = serviceTest({
  environment: () => ({ MASTER_KEYS: `v1:${MASTER_KEY.toString('base64')}` }),
});
const integration = { tags: ['integration'] };
const LIMIT = { timeout: 10_000 };

describe('a key at rest', () => {
  test(
    'is nowhere in the database, neither whole nor in part',
    integration,
    async ({ service }) => {
      const user = service.newUser();
      const api_key = service.newProviderKey();
      await storeCredential(user, { api_key });
      const rows = await service.database.query(
        "select * from credentials c join users u on u.id = c.user_id, encode(ciphertext, 'escape')",
      );
      const everything = JSON.stringify(rows);
      expect(everything).toContain(user.name);
      for (const form of ['utf8', 'hex', 'base64'] as const) {
        const part = Buffer.from(api_key.slice(9, 21)).toString(form);
        expect(everything).not.toContain(part);
      }
    },
  );

  test(
    'is AES-256-GCM with a nonce of its own, bound to user and provider',
    integration,
    async ({ service }) => {
      const user = service.newUser();
      const api_key = service.newProviderKey();
      const { id } = await storeCredential(user, { api_key });
      const [row] = await service.database.query(
        `select user_id, key_version, encode(nonce, 'hex') as nonce,
         encode(ciphertext, 'hex') as ciphertext from credentials where id = '${id}'`,
      );
      const nonce = Buffer.from(row?.['nonce'] ?? '', 'hex');
      const sealed = Buffer.from(row?.['ciphertext'] ?? '', 'hex');
      expect(row?.['key_version']).toBe('v1');
      expect(nonce.length).toBe(12);
      const decipher = createDecipheriv('aes-256-gcm', MASTER_KEY, nonce, { authTagLength: 16 })
        .setAAD(Buffer.from(JSON.stringify([row?.['user_id'], 'openai'])))
        .setAuthTag(sealed.subarray(-16));
      const opened = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
      expect(opened.toString()).toBe(api_key);
    },
  );

  test(
    'does not decrypt in a row that was copied to another user',
    integration,
    async ({ service }) => {
      const { id } = await storeCredential(service.newUser(), {
        api_key: service.newProviderKey(),
      });
      const thief = service.newUser();
      await service.database.query(
        `insert into credentials
         (user_id, provider, key_version, nonce, ciphertext, name, is_default)
       select users.id, provider, key_version, nonce, ciphertext, 'stolen', true
       from credentials, users where credentials.id = '${id}' and users.name = '${thief.name}'`,
      );
      const movement = await service.metrics.during(async () => {
        expect(await listCredentials(thief)).toMatchObject([
          { name: 'stolen', status: 'unreadable', masked_key: null },
        ]);
      });
      expect(movement).toEqualMovement({
        ...routeEnded('GET /llm-credentials', 200),
        ...unreadable(),
      });
    },
  );
});

describe('a row that cannot be decrypted', () => {
  test(
    'breaks neither the list nor other rows, and is reported',
    integration,
    async ({ service }) => {
      const user = service.newUser();
      const good = await storeCredential(user, { api_key: service.newProviderKey(), name: 'good' });
      const bad = await storeCredential(user, { api_key: service.newProviderKey(), name: 'bad' });
      await service.database.query(
        `update credentials set key_version = 'v0' where id = '${bad.id}'`,
      );
      const movement = await service.metrics.during(async () => {
        expect(await listCredentials(user)).toEqual([
          good,
          { ...bad, status: 'unreadable', masked_key: null },
        ]);
        const other = await user.call('GET', `/llm-credentials/${good.id}`);
        expect(other.body).toEqual(good);
      });
      expect(movement).toEqualMovement({
        ...routeEnded('GET /llm-credentials', 200),
        ...routeEnded('GET /llm-credentials/:id', 200),
        'byom_user_lookups_total{source="database"}': 2,
        ...unreadable(),
      });
      await expect.poll(() => service.service.log.tail(50), LIMIT).toContain(bad.id);
    },
  );

  test('does not stop its user from storing another key', integration, async ({ service }) => {
    const user = service.newUser();
    const { id } = await storeCredential(user, { api_key: service.newProviderKey() });
    await service.database.query(`update credentials set key_version = 'v0' where id = '${id}'`);
    await storeCredential(user, { api_key: service.newProviderKey(), name: 'other' });
  });

  test('is mended by another key', integration, async ({ service }) => {
    const user = service.newUser();
    const stored = await storeCredential(user, { api_key: service.newProviderKey() });
    await service.database.query(
      `update credentials set key_version = 'v0' where id = '${stored.id}'`,
    );
    const check = await user.call('POST', `/llm-credentials/${stored.id}/validate`);
    expect(check).toMatchObject({ status: 500, body: errorBody('credential_unreadable') });
    const api_key = service.newProviderKey();
    await user.call('PUT', `/llm-credentials/${stored.id}/key`, { api_key });
    expect(await listCredentials(user)).toMatchObject([
      { status: 'ready', masked_key: `****${api_key.slice(-4)}` },
    ]);
  });
});
