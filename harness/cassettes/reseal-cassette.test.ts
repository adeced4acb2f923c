import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

import { loadCassettes } from './load-cassettes.ts';
import { resealCassette } from './reseal-cassette.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/cassettes', import.meta.url));
const ID = 'openai/chat-stream';
const EDIT = { reason: 'A shorter greeting', date: '2026-11-23' };

/** A copy of the cassettes in which one file of the case was edited by hand. */
async function copyEdited(file: string, edit: (text: string) => string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-reseal-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(FIXTURES, folder, { recursive: true });
  const place = join(folder, ID, file);
  await writeFile(place, edit(await readFile(place, 'utf8')));
  return folder;
}

const read = (folder: string) => readFile(join(folder, ID, 'cassette.json'), 'utf8');

test('an edited stream gets a new seal, and the cassette says when and why', async () => {
  const folder = await copyEdited('001.response.sse', (text) => text.replace('Hello', 'Howdy'));
  await expect(loadCassettes(folder)).rejects.toThrow(`tally reseal ${ID} --reason`);
  const before = await read(folder);
  const seal = await resealCassette(folder, ID, EDIT);
  expect(JSON.parse(await read(folder))).toEqual({ ...JSON.parse(before), edits: [EDIT], seal });
  expect((await loadCassettes(folder)).map(({ id }) => id)).toContain(ID);
});

test('a second edit is noted after the first', async () => {
  const folder = await copyEdited('001.response.sse', (text) => text.replace('Hello', 'Howdy'));
  await resealCassette(folder, ID, EDIT);
  const text = await read(folder);
  await writeFile(join(folder, ID, 'cassette.json'), text.replace('Greet', 'Greets'));
  await resealCassette(folder, ID, { ...EDIT, reason: 'Another question' });
  expect(JSON.parse(await read(folder)).edits).toMatchObject([
    { reason: EDIT.reason },
    { reason: 'Another question' },
  ]);
});

test('what is as it was sealed stays untouched', async () => {
  const folder = await copyEdited('001.response.sse', (text) => text);
  const before = await read(folder);
  expect(await resealCassette(folder, ID, EDIT)).toBeUndefined();
  expect(await read(folder)).toBe(before);
});

test('an edit that breaks the form is refused, and nothing is written', async () => {
  const folder = await copyEdited('cassette.json', (text) =>
    text.replace('"status": 200', '"status": 42'),
  );
  const before = await read(folder);
  await expect(resealCassette(folder, ID, EDIT)).rejects.toThrow('[H_CASSETTE_INVALID]');
  expect(await read(folder)).toBe(before);
});

test('an edit that brings a key in is refused, and nothing is written', async () => {
  const key = `sk-proj-${'a1B2c3D4'.repeat(6)}`;
  const folder = await copyEdited('001.response.sse', (text) => text.replace('Hello', key));
  const before = await read(folder);
  const failure = await resealCassette(folder, ID, EDIT).catch(String);
  expect(failure).toContain('[H_CASSETTE_SECRET]');
  expect(failure).not.toContain(key);
  expect(await read(folder)).toBe(before);
});

test('a case that is not there is refused', async () => {
  await expect(resealCassette(FIXTURES, 'openai/none', EDIT)).rejects.toThrow(
    '[H_CASSETTE_UNREADABLE]',
  );
});
