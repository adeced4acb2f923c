import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';

import { loadCassettes } from './load-cassettes.ts';
import { computeSeal } from './seal.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/cassettes', import.meta.url));
const DOCUMENT = 'openai/chat-stream/cassette.json';
const STREAM = 'openai/chat-stream/001.response.sse';
const WIRE = 'openai/chat-stream/001.wire.json';

/** A copy of the cassettes in which one file was changed; undefined removes it. */
async function loadChanged(file: string, change: (text: string) => string | undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'tally-cassettes-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(FIXTURES, folder, { recursive: true });
  const changed = change(await readFile(join(folder, file), 'utf8'));
  await (changed === undefined ? rm(join(folder, file)) : writeFile(join(folder, file), changed));
  return loadCassettes(folder);
}

describe('loading cassettes', () => {
  test('gives every case with its bytes and its chunks', async () => {
    const cassettes = await loadCassettes(FIXTURES);
    expect(cassettes.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['openai/chat', 'openai/chat-stream']),
    );
    const stream = cassettes.find(({ id }) => id === 'openai/chat-stream')?.interactions[0]
      ?.response;
    expect(stream?.bytes).toEqual(await readFile(join(FIXTURES, STREAM)));
    expect(stream?.chunks?.[0]).toEqual([0, 0]);
    const plain = cassettes.find(({ id }) => id === 'openai/chat')?.interactions[0]?.response;
    expect(JSON.parse(String(plain?.bytes))).toMatchObject({ object: 'chat.completion' });
  });

  test('keeps every cassette.json sorted by key', async () => {
    for (const { id } of await loadCassettes(FIXTURES)) {
      const text = await readFile(join(FIXTURES, id, 'cassette.json'), 'utf8');
      expect(text).toBe(`${JSON.stringify(sortKeys(JSON.parse(text)), undefined, 2)}\n`);
    }
  });

  test.for([
    ['an edited answer', STREAM, (text: string) => text.replace('Hello', 'Howdy')],
    ['an edited time', WIRE, (text: string) => text.replace('4]', '5]')],
    ['an edited request', DOCUMENT, (text: string) => text.replace('Greet', 'Insult')],
  ] as const)('refuses %s and names the seal that it would have', async ([, file, change]) => {
    const failure = await loadChanged(file, change).catch(String);
    expect(failure).toMatch(/"openai\/chat-stream" was changed after it was sealed/);
    expect(failure).toMatch(/its content has "sha256-[0-9a-f]{64}"/);
    expect(failure).toContain('[H_CASSETTE_SEAL]');
  });

  test.for([
    ['no JSON', DOCUMENT, () => '{', 'it is not JSON'],
    [
      'an unknown field',
      DOCUMENT,
      (text: string) => text.replace('"redactions"', '"redacted"'),
      '"redacted"',
    ],
    [
      'another id',
      DOCUMENT,
      (text: string) => text.replace('"openai/chat-stream"', '"openai/tools"'),
      'its folder says "openai/chat-stream"',
    ],
    [
      'a path outside',
      DOCUMENT,
      (text: string) => text.replace('"001.response.sse"', '"../../x.sse"'),
      'a file name in the folder',
    ],
    [
      'two kinds of body',
      DOCUMENT,
      (text: string) => text.replace('"file":', '"body": {}, "file":'),
      'exactly one of `body` and `file`',
    ],
  ] as const)('refuses a document with %s', async ([, file, change, said]) => {
    const failure = await loadChanged(file, change).catch(String);
    expect(failure).toContain(said);
    expect(failure).toContain('[H_CASSETTE_INVALID]');
  });

  test('refuses chunks that start behind the end of the stream', async () => {
    const wire = Buffer.from('[[0, 0], [999999, 1]]');
    const stream = await readFile(join(FIXTURES, STREAM));
    const files = new Map([
      ['001.response.sse', stream],
      ['001.wire.json', wire],
    ]);
    const document: { seal: string } = JSON.parse(await readFile(join(FIXTURES, DOCUMENT), 'utf8'));
    const seal = computeSeal(document, files);
    const folder = await mkdtemp(join(tmpdir(), 'tally-cassettes-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await cp(FIXTURES, folder, { recursive: true });
    await writeFile(join(folder, WIRE), wire);
    await writeFile(join(folder, DOCUMENT), JSON.stringify({ ...document, seal }));
    await expect(loadCassettes(folder)).rejects.toThrow(
      `its last chunk starts at byte 999999, "001.response.sse" has ${stream.length} bytes`,
    );
  });

  test('refuses a cassette whose file is missing, and a folder without any', async () => {
    await expect(loadChanged(STREAM, () => undefined)).rejects.toThrow('[H_CASSETTE_UNREADABLE]');
    await expect(loadCassettes(join(FIXTURES, 'nowhere'))).rejects.toThrow(
      'There is no cassette below',
    );
  });
});

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sortKeys);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          .sort()
          .map(([key, inner]) => [key, sortKeys(inner)]),
      )
    : value;
}
