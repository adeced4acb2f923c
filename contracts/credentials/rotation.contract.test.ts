import { describe, expect, onTestFinished } from 'vitest';
import '#harness/testing/matchers.ts';
import type { RunningService } from '#contracts/testing/running-service.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { startSibling } from '#contracts/testing/start-sibling.ts';
import { runCommand } from '#harness/processes/run-command.ts';
import { ANSWER, askChat } from './chat.ts';
import { killWhileItRotates } from './kill-while-it-rotates.ts';
import { listCredentials, storeCredential } from './stored-credential.ts';

const KEYS = {
  // The key of tally.config.ts, under which the seed stored what these tests rotate.
  v1: `v1:${Buffer.alloc(32, 'tally').toString('base64')}`,
  v2: `v2:${Buffer.alloc(32, 'second').toString('base64')}`,
  v3: `v3:${Buffer.alloc(32, 'third').toString('base64')}`,
};
const RING = `${KEYS.v2},${KEYS.v1}`;

const test = serviceTest({
  environment: () => ({ MASTER_KEYS: RING, ROTATION_INTERVAL_MS: '0' }),
});
const integration = { tags: ['integration'] };
const LIMIT = { timeout: 10_000 };

const ROTATE = ['node', 'reference-app/src/rotate.ts'] as const;

function rotate(service: RunningService, masterKeys: string): Promise<void> {
  const env = service.environment(0, { MASTER_KEYS: masterKeys, ROTATION_BATCH_SIZE: '7' });
  return runCommand({ command: ROTATE, cwd: service.root, env });
}

/** How many rows, deleted ones too, are under each master key. */
async function countRows({ database }: RunningService): Promise<Record<string, number>> {
  const rows = await database.query(
    'select key_version, count(*) as rows from credentials group by 1 order by 1',
  );
  return Object.fromEntries(rows.map((row) => [row['key_version'], Number(row['rows'])]));
}

test.beforeAll(async ({ service }) => {
  // The command notes that v1 is in use, as a service did that once wrote under it.
  await rotate(service, `${KEYS.v1},${KEYS.v2},${KEYS.v3}`);
  await service.database.query('create table credentials_under_v1 as table credentials');
});

/** Everything is under v1 again, and what tests have stored is gone. */
test.beforeEach(({ service }) =>
  service.database.query(`
    delete from credentials where id not in (select id from credentials_under_v1);
    update credentials set key_version = old.key_version, nonce = old.nonce,
      ciphertext = old.ciphertext from credentials_under_v1 old where old.id = credentials.id`),
);

describe('the rotate command', () => {
  test('encrypts every row anew while the service answers', integration, async ({ service }) => {
    const user = service.newUser({ ownKey: 'openai' });
    const stored = await listCredentials(user);
    const deleted = service.newUser({ ownKey: 'openai' });
    const [gone] = await listCredentials(deleted);
    await deleted.call('DELETE', `/llm-credentials/${gone?.id}`);
    const rowsBefore = await countRows(service);
    let isRotating = true;
    const rotation = rotate(service, RING).finally(() => {
      isRotating = false;
    });
    do expect(await listCredentials(user)).toEqual(stored);
    while (isRotating);
    await rotation;
    expect(await countRows(service)).toEqual({ v2: rowsBefore['v1'] });
    expect(await listCredentials(user)).toEqual(stored);
  });

  test('makes the old master key needless', integration, async ({ service }) => {
    const user = service.newUser({ ownKey: 'openai' });
    const apiKey = user.providerKey ?? '';
    await rotate(service, RING);
    await using sibling = await startSibling(service, { MASTER_KEYS: KEYS.v2 });
    service.simulator.script(apiKey, ANSWER);
    const { url } = sibling;
    expect(await listCredentials(user, { url })).toMatchObject([{ status: 'ready' }]);
    const answer = await askChat(user, { url });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers.get('x-byom-credential')).toBe('user');
  });

  test('goes on where it was killed, and loses nothing', integration, async ({ service }) => {
    const user = service.newUser({ ownKey: 'openai' });
    const all = (await countRows(service))['v1'] ?? 0;
    await killWhileItRotates(service, {
      command: ROTATE,
      env: service.environment(0, { MASTER_KEYS: RING, ROTATION_BATCH_SIZE: '3' }),
      afterRows: 10,
    });
    // Three whole batches; of the fourth, which was killed, not a row.
    expect(await countRows(service)).toEqual({ v1: all - 9, v2: 9 });
    expect(await listCredentials(user)).toMatchObject([{ status: 'ready' }]);
    await rotate(service, RING);
    expect(await countRows(service)).toEqual({ v2: all });
  });

  test(
    'passes over a row that cannot be read, names it and ends with 1',
    integration,
    async ({ service }) => {
      const { database } = service;
      const user = service.newUser({ ownKey: 'openai' });
      const [bad] = await listCredentials(user);
      const all = (await countRows(service))['v1'] ?? 0;
      await database.query(`update credentials set key_version = 'v0' where id = '${bad?.id}'`);
      onTestFinished(async () => {
        await database.query(`update credentials set key_version = 'v1' where id = '${bad?.id}'`);
      });
      await expect(rotate(service, RING)).rejects.toThrow(
        new RegExp(`ended with exit code 1[^]*${bad?.id} cannot[^]*left under other keys: 1`),
      );
      expect(await countRows(service)).toEqual({ v0: 1, v2: all - 1 });
    },
  );

  test('has nothing left to do the second time', integration, async ({ service }) => {
    await rotate(service, RING);
    const bytes = "select md5(string_agg(ciphertext::text, '' order by id)) from credentials";
    const before = await service.database.query(bytes);
    await rotate(service, RING);
    expect(await service.database.query(bytes)).toEqual(before);
  });
});

describe('the rotation on schedule', { tags: ['slow'] }, () => {
  const SCHEDULE = {
    MASTER_KEYS: `${KEYS.v3},${KEYS.v2},${KEYS.v1}`,
    ROTATION_INTERVAL_MS: '20',
  };

  async function readGauge(metrics: RunningService['metrics'], name: string): Promise<number> {
    const { families } = await metrics.read();
    return families.get(name)?.samples[0]?.value ?? Number.NaN;
  }

  test('starts with the service and takes every row', integration, async ({ service }) => {
    const all = (await countRows(service))['v1'];
    await using sibling = await startSibling(service, SCHEDULE);
    await expect.poll(() => countRows(service), LIMIT).toEqual({ v3: all });
    const rotated = () => readGauge(sibling.metrics, 'byom_credentials_rotated_total');
    await expect.poll(rotated, LIMIT).toBe(all);
  });

  test('takes what comes later, at the next interval', integration, async ({ service }) => {
    await using sibling = await startSibling(service, SCHEDULE);
    await expect.poll(async () => Object.keys(await countRows(service)), LIMIT).toEqual(['v3']);
    const rotated = () => readGauge(sibling.metrics, 'byom_credentials_rotated_total');
    const user = service.newUser();
    const movement = await sibling.metrics.during(async () => {
      const before = await rotated();
      // The file's own service still encrypts under v2.
      await storeCredential(user, { api_key: service.newProviderKey() });
      await expect.poll(rotated, LIMIT).toBe(before + 1);
    });
    // A schedule moves what it counts at any time, so that no movement holds it.
    expect(movement).toEqualMovement({});
    expect(await listCredentials(user, { url: sibling.url })).toMatchObject([{ status: 'ready' }]);
  });

  test(
    'exports since when the oldest master key is in use, and what is left',
    integration,
    async ({ service }) => {
      const { database } = service;
      const gauge = 'byom_master_key_oldest_timestamp_seconds';
      const firstUse = async (version: string): Promise<number> => {
        const [row] = await database.query(
          `select extract(epoch from first_used_at) as at from master_key_versions
         where version = '${version}'`,
        );
        return Number(row?.['at']);
      };
      const count = (await countRows(service))['v1'];
      {
        // Knows both keys, and never rotates.
        const changes = { ...SCHEDULE, ROTATION_INTERVAL_MS: '0' };
        await using waiting = await startSibling(service, changes);
        expect(await readGauge(waiting.metrics, gauge)).toBe(await firstUse('v1'));
        expect(await readGauge(waiting.metrics, 'byom_credentials_to_rotate')).toBe(count);
      }
      await using sibling = await startSibling(service, SCHEDULE);
      await expect
        .poll(() => readGauge(sibling.metrics, 'byom_credentials_to_rotate'), LIMIT)
        .toBe(0);
      expect(await readGauge(sibling.metrics, gauge)).toBe(await firstUse('v3'));
    },
  );
});
