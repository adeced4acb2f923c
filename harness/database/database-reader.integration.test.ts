import { expect, test } from 'vitest';
import { loadHarnessEnvironment } from '#harness/config/env.ts';
import { startEmbeddedStack } from '#harness/stack/embedded/start-embedded-stack.ts';
import { openDatabaseReader } from './database-reader.ts';

const tags = ['integration'];

test('shows what was added since it hid the rest, again and again', { tags }, async () => {
  await using stack = await startEmbeddedStack(loadHarnessEnvironment());
  const template = await stack.postgres.createTemplate(async (databaseUrl) => {
    await using reader = await openDatabaseReader(databaseUrl);
    await reader.query('create table events (id int primary key); create table users (id int)');
  });
  await using database = await template.clone();
  await using service = await openDatabaseReader(database.url);
  await using reader = await openDatabaseReader(database.url);
  const seen = (from: string) => reader.query(`select id from ${from} order by id`);

  await service.query('insert into events values (1), (2); insert into users values (7)');
  await reader.hideRows({ events: 'id' });
  expect(await seen('events')).toEqual([]);
  await service.query('insert into events values (3)');
  expect(await seen('events')).toEqual([{ id: '3' }]);
  expect(await seen('public.events')).toHaveLength(3);
  expect(await seen('users')).toEqual([{ id: '7' }]);

  await reader.hideRows({ events: 'id' });
  await service.query('insert into events values (4)');
  expect(await seen('events')).toEqual([{ id: '4' }]);
  // Another connection sees no difference.
  expect(await service.query('select id from events')).toHaveLength(4);
});

test('says which query was wrong', { tags }, async () => {
  await using stack = await startEmbeddedStack(loadHarnessEnvironment());
  await using database = await (await stack.postgres.createTemplate(async () => undefined)).clone();
  await using reader = await openDatabaseReader(database.url);
  await expect(reader.hideRows({ nothing: 'id' })).rejects.toMatchObject({
    code: 'H_SQL_FAILED',
    message: expect.stringContaining('relation "public.nothing" does not exist'),
  });
});
