import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { connectExternalPostgres } from './postgres/connect-external-postgres.ts';
import { type SomebodysPostgres, startSomebodysPostgres } from './somebodys-servers.fixture.ts';

const tags = ['integration'];
const OWNER = 'tally_0123ab_1_1_abcdef';
/** All that somebody had on the server before. */
const CHECKSUM = `select md5(string_agg(orders::text, ',' order by id)) from orders`;
const NAMES = 'select datname as name from pg_database order by 1';

let somebodys: SomebodysPostgres;
let before: unknown;

beforeAll(async () => {
  somebodys = await startSomebodysPostgres();
  before = [await somebodys.query(CHECKSUM), await somebodys.query(NAMES)];
});
afterAll(async () => {
  const after = [await somebodys.query(CHECKSUM), await somebodys.query(NAMES)];
  await somebodys[Symbol.asyncDispose]();
  expect(after).toEqual(before);
});

async function connect(databaseUrl: string, options: { owner?: string; allow?: boolean } = {}) {
  const { owner = OWNER, allow = false } = options;
  const postgres = await connectExternalPostgres({ databaseUrl, owner, allowProduction: allow });
  onTestFinished(() => postgres.stop());
  return postgres;
}

async function run(databaseUrl: string, sql: string): Promise<unknown[]> {
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const MIGRATE = `CREATE TABLE orders (id int); INSERT INTO orders VALUES (42)`;
const migrate = async (url: string): Promise<void> => void (await run(url, MIGRATE));

describe('somebody’s Postgres', { tags }, () => {
  test('gets databases of Tally’s own, which nothing of it is in', async () => {
    const { server } = await connect(somebodys.url);
    const template = await server.createTemplate(migrate);
    const [one, other] = await Promise.all([template.clone(), template.clone()]);
    await run(one.url, 'DELETE FROM orders');
    expect(await run(other.url, 'SELECT * FROM orders')).toEqual([{ id: 42 }]);
    expect(one.name).toMatch(new RegExp(`^${OWNER}_test_`));
  });

  test('is refused with a name like production’s, unless that is allowed', async () => {
    await somebodys.query('CREATE DATABASE shop_prod', 'postgres');
    onTestFinished(async () => void (await somebodys.query('DROP DATABASE shop_prod', 'postgres')));
    const refused = await connect(somebodys.url).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'H_STACK_PRODUCTION_DATABASE',
      message: expect.stringContaining('a database on it is called "shop_prod"'),
    });
    await expect(connect(somebodys.url, { allow: true })).resolves.toHaveProperty('server');
  });

  test('is refused to a role that may make no database, and to a wrong password', async () => {
    const url = new URL(await somebodys.urlOf('reader', 'NOCREATEDB'));
    await expect(connect(url.href)).rejects.toMatchObject({
      code: 'H_STACK_EXTERNAL_DATABASE',
      message: expect.stringContaining('the role "reader" may make no databases'),
    });
    url.password = 'a wrong one';
    const refused = await connect(url.href).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'H_STACK_EXTERNAL_DATABASE' });
    expect(String(refused)).toContain('password authentication failed');
    expect(String(refused)).not.toContain('wrong%20one');
  });

  test('is freed of what a dead stack left, and keeps what a living one has', async () => {
    const [dead, living] = ['tally_0123ab_2_2_aaaaaa', 'tally_0123ab_3_3_bbbbbb'];
    await run(somebodys.url, `CREATE DATABASE ${dead}_test_1`);
    const { server } = await connect(somebodys.url, { owner: living });
    const template = await server.createTemplate(migrate);
    await connect(somebodys.url);
    const ours = `SELECT datname FROM pg_database WHERE datname LIKE 'tally%'`;
    expect(await somebodys.query(ours)).toEqual([{ datname: template.name }]);
  });
});
