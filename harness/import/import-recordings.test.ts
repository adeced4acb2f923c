import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import type { Provider } from '#harness/cassettes/provider.ts';
import { replayInProcess } from '#harness/replay/replay-in-process.ts';
import { importRecordings } from './import-recordings.ts';

const KEY = 'sk-tally-imported-0123456789';
const COOKIE = 'session=of-the-test';
const MASKED = `sk-${'abcdef0123456789'.repeat(2)}`;
const STREAM =
  'data: {"choices":[{"delta":{"content":"é"}}],"model":"m"}\n\ndata: {"choices":[],"usage":null}\n\ndata: [DONE]\n\n';

interface Entry {
  url?: string;
  body?: string;
  answer?: string | Buffer;
  status?: number;
  headers?: Record<string, string>;
}

/** A recording as vcrpy writes it, in JSON. */
function recording(...entries: readonly Entry[]): string {
  const interactions = entries.map((entry) => {
    const answer = Buffer.from(entry.answer ?? '{"model":"m-2026"}');
    return {
      request: {
        method: 'POST',
        uri: entry.url ?? 'https://api.openai.com/v1/chat/completions',
        body: entry.body ?? '{"model":"m"}',
        headers: { authorization: [`Bearer ${KEY}`], cookie: COOKIE },
      },
      response: {
        status: { code: entry.status ?? 200 },
        headers: { date: 'Mon, 17 Feb 2025 05:16:14 GMT', ...entry.headers },
        body: { base64_string: answer.toString('base64') },
      },
    };
  });
  return JSON.stringify({ version: 1, interactions });
}

/** Imports files with these names into a folder of their own. */
async function importAll(
  files: Readonly<Record<string, string>>,
  options: { provider?: Provider; isDryRun?: boolean } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'tally-import-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const names = Object.keys(files);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const to = join(folder, 'cassettes');
  const today = '2026-11-22';
  const again = () =>
    importRecordings({
      files: names.map((name) => join(folder, name)),
      to,
      today,
      isDryRun: false,
      ...options,
    });
  return { to, again, ...(await again()) };
}

describe('importing', () => {
  test('makes one cassette of a file, sealed, and says where it is from', async () => {
    const { to, leftOut } = await importAll({ 'Two Chats (1).json': recording({}, {}) });
    expect(leftOut).toEqual([]);
    const [cassette, ...others] = await loadCassettes(to);
    expect(others).toEqual([]);
    expect(cassette).toMatchObject({
      id: 'openai/two-chats-1',
      provenance: {
        kind: 'derived',
        date: '2025-02-17',
        modelRequested: 'm',
        modelServed: 'm-2026',
        note: 'Imported from Two Chats (1).json (vcrpy).',
      },
    });
    expect(cassette?.interactions).toHaveLength(2);
  });

  test('keeps providers apart, by their hosts', async () => {
    const google = 'https://generativelanguage.googleapis.com/v1beta/models/m:generateContent';
    const anthropic = 'https://api.anthropic.com/v1/messages';
    const { cassettes } = await importAll({
      'a.json': recording({ url: `${google}?key=${KEY}` }, { url: anthropic }),
    });
    const ids = cassettes.map(({ content }) => content.document.id);
    expect(ids).toEqual(['google/a', 'anthropic/a']);
    expect(cassettes[0]?.content.document.interactions[0]?.request).not.toHaveProperty('query');
  });

  test.for([
    ['plain', STREAM, undefined],
    ['gzip', gzipSync(STREAM), 'gzip'],
    ['br', brotliCompressSync(STREAM), 'br'],
    ['decompressed by its tool', STREAM, 'gzip'],
  ] as const)('cuts a stream by its events: %s', async ([, answer, encoding]) => {
    const headers = {
      'content-type': 'text/event-stream',
      ...(encoding && { 'content-encoding': encoding }),
    };
    const { to } = await importAll({ 'stream.json': recording({ answer, headers }) });
    const [cassette] = await loadCassettes(to);
    expect(cassette?.interactions[0]?.response).toMatchObject({
      bytes: Buffer.from(STREAM),
      chunks: [
        [0, 0],
        [STREAM.indexOf('data: {"choices":[],') + 1, 0],
        [STREAM.indexOf('data: [DONE]') + 1, 0],
      ],
    });
    expect(cassette?.provenance.note).toContain('one chunk for each event');
    const replayed = replayInProcess(await loadCassettes(to), async () => {
      const url = 'https://api.openai.com/v1/chat/completions';
      return await (await fetch(url, { method: 'POST', body: '{"model":"m"}' })).text();
    });
    expect(await replayed).toBe(STREAM);
  });

  test('lets no secret through, neither a key that was sent nor one that looks like it', async () => {
    const answer = `{"error":"${KEY} and ${MASKED}, ${COOKIE}","again":"${Buffer.from(KEY).toString('base64')}"}`;
    const body = `{"model":"m","user":"${KEY}"}`;
    const { to, cassettes } = await importAll({
      'leak.json': recording({ body, answer, status: 401, headers: { 'set-cookie': 'a=b' } }),
    });
    const text = await readFile(join(to, 'openai/leak/cassette.json'), 'utf8');
    for (const secret of [KEY, MASKED, COOKIE, Buffer.from(KEY).toString('base64'), 'a=b'])
      expect(text).not.toContain(secret);
    expect(cassettes[0]?.content.document.redactions).not.toEqual([]);
  });
});

describe('what is left out is listed:', () => {
  test.for([
    ['another host', { url: 'https://api.mistral.ai/v1/chat/completions' }, 'api.mistral.ai'],
    ['Azure', { url: 'https://a.openai.azure.com/openai/deployments/a/chat/completions' }, 'Azure'],
    ['another API', { url: 'https://api.openai.com/v1/responses' }, 'POST /v1/responses'],
    ['no URL', { url: 'chat' }, 'its URL is none'],
    ['a form', { body: '--boundary' }, 'no JSON'],
    ['no answer', { status: 0 }, 'answered with 0'],
    ['an empty answer', { answer: '' }, 'without a single byte'],
    [
      'bytes that nothing decompresses',
      { answer: Buffer.from([0, 255, 1]), headers: { 'content-encoding': 'gzip' } },
      'cannot be decompressed',
    ],
    [
      'a stream without its end',
      { answer: 'data: {}\n\n', headers: { 'content-type': 'text/event-stream' } },
      'none of them is the end',
    ],
  ] as const)('%s', async ([, entry, said]) => {
    const { cassettes, leftOut } = await importAll({ 'one.json': recording(entry) });
    expect(cassettes).toEqual([]);
    expect(leftOut).toMatchObject([{ file: 'one.json', place: 'interaction 1' }]);
    expect(leftOut[0]?.why).toContain(said);
  });

  test('not a host whose protocol is named', async () => {
    const url = 'https://gateway.example/v1/chat/completions';
    const { cassettes } = await importAll({ 'a.json': recording({ url }) }, { provider: 'openai' });
    expect(cassettes[0]?.content.document.id).toBe('openai/a');
  });

  test('a file that is no recording, beside one that is', async () => {
    const { cassettes, leftOut } = await importAll({ 'a.json': recording({}), 'b.yml': 'x: 1' });
    expect(cassettes).toHaveLength(1);
    expect(leftOut).toMatchObject([{ file: 'b.yml', place: 'the file' }]);
  });
});

describe('nothing is written', () => {
  test('in a dry run', async () => {
    const { to, cassettes } = await importAll({ 'a.json': recording({}) }, { isDryRun: true });
    expect(cassettes).toHaveLength(1);
    await expect(readdir(to)).rejects.toThrow('ENOENT');
  });

  test('when two files would become one cassette, or replace one', async () => {
    const files = { 'a.json': recording({}), 'A.yml': recording({}) };
    await expect(importAll(files)).rejects.toThrow(
      '"A.yml" would become the cassette "openai/a", as would "a.json"',
    );
    const { again } = await importAll({ 'a.json': recording({}) });
    await expect(again()).rejects.toThrow('[H_IMPORT_CLASH]');
  });
});
