import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { RULES } from '#harness/cassettes/redact/rules.ts';
import { startRecorder } from '#harness/recorder/recorder.ts';
import { startSimulator } from '#harness/simulator/simulator.ts';
import { recordCase } from './record-case.ts';

const cassettes = await loadCassettes(
  fileURLToPath(new URL('../../fixtures/cassettes', import.meta.url)),
);

/** The real keys of a run; no two start alike, so that a leak names its own. */
const REAL = 'sk-live-canaryreal0123456789';
const OTHER = 'tally?canary/other+0123456789';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const hex = (text: string) => Buffer.from(text).toString('hex');
const percent = (text: string) => hex(text).replaceAll(/../g, '%$&');
const escaped = (text: string) => hex(text).replaceAll(/../g, '\\u00$&');

/** Places in what the service sends. */
const ASKED = {
  model: 'gpt-5.4-nano',
  stream: true,
  user: REAL,
  metadata: { plain: OTHER, base64: base64(OTHER), url: encodeURIComponent(OTHER), [REAL]: 'name' },
  messages: [{ role: 'user', content: `My key is ${REAL}, ${hex(OTHER)}.` }],
};

/** Places in the headers of the answer. */
const HEADERS = {
  'content-type': 'text/event-stream',
  'set-cookie': `session=${REAL}`,
  'openai-organization': OTHER,
  'x-request-id': REAL,
  'x-debug': `Bearer ${REAL}`,
  'x-encoded': base64(`user:${OTHER}`),
  location: `/v1/chat?key=${percent(REAL)}`,
};

const event = (delta: object) => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;

/** Places in the events of the answer. */
const EVENTS = [
  event({ content: `as it is: ${REAL}` }),
  event({ content: `in base64: ${base64(REAL)}` }),
  event({ content: `in base64, one byte on: ${base64(`x${OTHER}`)}` }),
  event({ content: `in hex: ${hex(REAL)}` }),
  event({ content: `in a URL: https://example.test/?key=${encodeURIComponent(OTHER)}` }),
  event({ content: `in JSON: ${JSON.stringify({ secret: OTHER })}` }),
  event({ content: `compressed: ${gzipSync(REAL).toString('base64')}` }),
  event({ [REAL]: 'as a name' }),
  `data: {"error":{"message":"Incorrect API key provided: ${escaped(OTHER)}."}}\n\n`,
  `: a comment with ${REAL}\n\n`,
  ...[...REAL].map((content) => event({ refusal: content })),
  ...[...base64(OTHER)].map((part) => event({ reasoning_content: part })),
  'data: [DONE]\n\n',
];

test('no canary reaches a cassette, the ledger or what is said of it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tally-canaries-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await using live = await startSimulator();
  const upstream = { baseUrl: live.providerUrl('openai'), key: REAL };
  await using recorder = await startRecorder({ openai: upstream });
  recorder.acceptKey('openai', 'sk-tally-given');
  const body = EVENTS.join('');
  live.script(REAL, { answer: { kind: 'verbatim', status: 200, headers: HEADERS, body } });
  const url = `${recorder.providerUrl('openai')}/chat/completions?key=${REAL}&tag=${percent(OTHER)}`;
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-tally-given', 'content-type': 'application/json' },
    body: JSON.stringify(ASKED),
    signal: AbortSignal.timeout(10_000),
  });
  expect(await answer.text()).toBe(body);
  await recorder.untilQuiet();
  const replaced = cassettes.find(({ id }) => id === 'openai/chat-stream');
  const recorded = await recordCase({
    root: folder,
    id: 'openai/canaries',
    exchanges: recorder.exchanges,
    costUsd: 0,
    day: '2026-11-22',
    secrets: [REAL, OTHER],
    old: replaced,
  });
  const written = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = written.filter((entry) => entry.isFile());
  expect(files.map(({ name }) => name).sort()).toEqual([
    '001.response.sse',
    '001.wire.json',
    'cassette.json',
  ]);
  for (const { parentPath, name } of files) {
    expect(leaksOf(await readFile(join(parentPath, name), 'utf8')), name).toEqual([]);
  }
  expect(leaksOf(JSON.stringify([recorder.ledger, recorder.findings, recorded]))).toEqual([]);
  expect(RULES).toEqual(expect.arrayContaining([...recorded.unmatchedRules]));
  expect(recorded.unmatchedRules).not.toContain('known-secret');
  expect(recorded.changes).toEqual([
    'usage.input: 14 → none',
    'usage.cachedInput: 0 → none',
    'usage.cacheWrite: 0 → none',
    'usage.output: 7 → none',
    'usage.reasoning: 0 → none',
    'contentEvents: 7 → 75',
    'modelServed: gpt-5.4-nano → none',
  ]);
});

/** A second look that shares nothing with redaction: pieces of the canaries in each encoding. */
function leaksOf(text: string): string[] {
  const joined = [...text.matchAll(/"(?:refusal|reasoning_content)":"(.)"/g)].map(([, one]) => one);
  const all = `${text}\n${joined.join('')}`;
  return [REAL, OTHER].flatMap((secret) =>
    [secret, base64(secret), base64(`x${secret}`), hex(secret), percent(secret), escaped(secret)]
      .map((form) => form.slice(8, -8))
      .concat(
        encodeURIComponent(secret).slice(8, -8),
        gzipSync(secret).toString('base64').slice(16, -16),
      )
      .filter((piece) => all.includes(piece)),
  );
}
