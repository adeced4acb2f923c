import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DatabaseTemplate, Stack } from '#harness/stack/stack.ts';
import { TEST_STACKS } from '../test-stacks.fixture.ts';

describe.for(TEST_STACKS)('Postgres, $backend', { tags: ['integration'] }, ({ start, notHere }) => {
  let stack: Stack;

  beforeAll(async () => {
    if (notHere === undefined) stack = await start({ slots: 0 });
  });
  afterAll(async () => await stack?.stop());
  beforeEach(({ skip }) => skip(notHere !== undefined, notHere));

  test('answers over TCP with a password, and only with the right one', async () => {
    const database = await (await emptyTemplate(stack)).clone();
    expect(await rowsOf(database.url, 'SHOW server_version')).toEqual([
      { server_version: expect.stringContaining(stack.postgres.version) },
    ]);
    const wrong = new URL(database.url);
    wrong.password = 'wrong';
    await expect(rowsOf(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  test('makes clones that have the content of their template and do not meet', async () => {
    const template = await stack.postgres.createTemplate(async (url) => {
      await rowsOf(url, `CREATE TABLE users (name text); INSERT INTO users VALUES ('Ada')`);
    });
    const [one, other] = await Promise.all([template.clone(), template.clone()]);
    await rowsOf(one.url, `INSERT INTO users VALUES ('Grace')`);
    expect(await rowsOf(one.url, 'SELECT name FROM users')).toEqual([
      { name: 'Ada' },
      { name: 'Grace' },
    ]);
    expect(await rowsOf(other.url, 'SELECT name FROM users')).toEqual([{ name: 'Ada' }]);
  });

  test('removes a database under its open connections, and only once', async () => {
    const database = await (await emptyTemplate(stack)).clone();
    const client = new Client(database.url);
    // The driver reports the end twice: as the server's word and as a closed connection.
    const ended = new Promise((resolve) => client.on('error', resolve));
    await client.connect();
    await database.drop();
    await database.drop();
    expect(await ended).toMatchObject({ message: expect.stringContaining('terminat') });
    await expect(rowsOf(database.url, 'SELECT 1')).rejects.toThrow('does not exist');
  });

  test('refuses a template whose preparation left a connection open', async () => {
    const preparing = stack.postgres.createTemplate(async (url) => {
      const client = new Client({ connectionString: url, application_name: 'forgetful' });
      client.on('error', () => undefined);
      await client.connect();
    });
    await expect(preparing).rejects.toMatchObject({
      code: 'H_STACK_TEMPLATE_IN_USE',
      message: expect.stringContaining('"forgetful"'),
    });
  });

  test('passes on why a preparation failed', async () => {
    const preparing = stack.postgres.createTemplate(async (url) => {
      await rowsOf(url, 'SELECT * FROM missing');
    });
    await expect(preparing).rejects.toThrow('relation "missing" does not exist');
  });
});

async function emptyTemplate(stack: Stack): Promise<DatabaseTemplate> {
  return await stack.postgres.createTemplate(async () => undefined);
}

async function rowsOf(url: string, sql: string): Promise<unknown[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
