import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { Redactor } from './redactor.ts';
import { RULES } from './rules.ts';

/** No rule knows it by its looks: it is found because the run holds it. */
const CANARY = 'canary?0123+4567/89ab"cdef';
const LOOKS_LIKE = 'sk-ant-api03-0123456789abcdef';

const percentAll = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const base64 = (text: string) => Buffer.from(text).toString('base64');
const escaped = (text: string) =>
  [...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const delta = (content: string, index = 0) =>
  `data: ${JSON.stringify({ choices: [{ index, delta: { content } }] })}\n\n`;

/** Every way in which a secret may stand in the bytes of an answer, in clear or not. */
const PLACES: Readonly<Record<string, (secret: string) => string | Buffer>> = {
  'as it is': (secret) => `before ${secret} after`,
  'in JSON': (secret) => JSON.stringify({ error: { message: `Incorrect key: ${secret}.` } }),
  'as a name in JSON': (secret) => JSON.stringify({ [secret]: 1 }),
  'in JSON, each character escaped': (secret) => `{"message":"${escaped(secret)}"}`,
  'in JSON inside JSON': (secret) =>
    JSON.stringify({ arguments: JSON.stringify({ key: JSON.stringify({ secret }) }) }),
  'in a URL': (secret) => `https://example.test/?key=${encodeURIComponent(secret)}&alt=sse`,
  'in a form': (secret) => String(new URLSearchParams({ key: secret })),
  'in a URL, each character encoded': (secret) => `?key=${percentAll(secret)}`,
  'in base64': (secret) => `Basic ${base64(`user:${secret}`)}`,
  'in base64, one byte on': (secret) => base64(`x${secret}`),
  'in base64, two bytes on': (secret) => base64(`xx${secret}`),
  'in base64 for URLs': (secret) => Buffer.from(secret).toString('base64url'),
  'in base64 behind other letters': (secret) => `prefix${base64(secret)}`,
  'in base64 of JSON, in JSON': (secret) =>
    JSON.stringify({ state: base64(`{"k":"${escaped(secret)}"}`) }),
  'in hex': (secret) => Buffer.from(secret).toString('hex'),
  compressed: (secret) => gzipSync(secret),
  'compressed, in base64': (secret) => gzipSync(secret).toString('base64'),
  'in a multipart body': (secret) =>
    `--b\r\ncontent-disposition: form-data; name="key"\r\n\r\n${secret}\r\n--b--\r\n`,
  'in a HTML page': (secret) => `<p>${secret}</p>`,
  'in one event of a stream': (secret) => delta(secret),
  'over two events': (secret) => delta(secret.slice(0, 9)) + delta(secret.slice(9)),
  'over as many events as it has characters': (secret) =>
    [...secret].map((one) => delta(one)).join(''),
  'over events of two choices in turn': (secret) =>
    [...secret].map((one) => delta(one) + delta('other', 1)).join(''),
  'over the arguments of a tool call': (secret) =>
    [...JSON.stringify({ secret })]
      .map(
        (part) =>
          `data: {"type":"content_block_delta","index":1,"delta":{"partial_json":${JSON.stringify(part)}}}\r\n\r\n`,
      )
      .join(''),
  'in base64 over events': (secret) => [...base64(secret)].map((one) => delta(one)).join(''),
};

/** A second look that shares nothing with the code it looks at: no long piece of it is left. */
function showsPieceOf(secret: string, bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  const said = [...text.matchAll(/"(?:content|partial_json)":"((?:[^"\\]|\\.)*)"/g)];
  const joined = said
    .map(([, one = '']) => JSON.parse(`"${one}"`))
    .join('')
    .replaceAll('other', '');
  const shown = [
    text,
    joined,
    text.replaceAll(/%([0-9a-f]{2})/gi, (_, code) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    ),
  ];
  return shown.some((one) => one.includes(secret.slice(0, 12)) || one.includes(secret.slice(-12)));
}

describe.for(Object.entries(PLACES))('a secret %s', ([, write]) => {
  test.for([CANARY, LOOKS_LIKE])('is taken out (%s), and nothing is moved', (secret) => {
    const bytes = Buffer.from(write(secret));
    const redactor = new Redactor(secret === CANARY ? [CANARY] : []);
    expect(() => redactor.assertClean('answer', bytes)).toThrow(HarnessError);
    const redacted = redactor.bytes('answer', bytes);
    redactor.assertClean('answer', redacted);
    expect(redacted.length).toBe(bytes.length);
    expect(showsPieceOf(secret, redacted)).toBe(false);
    const rules = redactor.redactions.map(({ rule }) => rule);
    expect(rules).toContain(secret === CANARY ? 'known-secret' : 'anthropic-key');
    expect(JSON.stringify(redactor.redactions)).not.toContain(secret.slice(0, 12));
  });
});

describe('redactor', () => {
  test('leaves JSON readable as JSON', () => {
    const text = JSON.stringify({
      message: `No: ${CANARY}`,
      state: base64(CANARY),
      usage: { a: 1 },
    });
    const redacted = new Redactor([CANARY]).text('body', text);
    expect(JSON.parse(redacted)).toMatchObject({ usage: { a: 1 } });
  });

  test('leaves what looks like no secret alone', () => {
    const text =
      'The task-force asks for Bearer authentication: sk-, AIzaShort, org-chart, a risk-averse plan.';
    const redactor = new Redactor([]);
    expect(redactor.text('body', text)).toBe(text);
    expect(redactor.unmatchedRules).toEqual(RULES);
  });

  test.for([
    ['openai-key', 'sk-proj-0123456789abcdef'],
    ['google-key', `AIza${'Sy0-'.repeat(9).slice(0, 35)}`],
    ['google-token', 'ya29.0123456789abcdef'],
    ['bearer-token', 'Bearer 0123456789abcdef'],
    ['web-token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0abc.c2lnbmF0dXJl'],
    ['masked-key', 'sk-tally*********cdef'],
    ['organization-id', 'org-0123456789abcdefghij'],
    ['project-id', 'consumer: projects/123456789012'],
  ] as const)('%s: knows %s by its looks', ([rule, text]) => {
    const redactor = new Redactor([]);
    const redacted = redactor.text('error.message', text);
    expect(redactor.redactions).toContainEqual({ place: 'error.message', rule, count: 1 });
    expect(redacted).not.toBe(text);
  });

  test('keeps the names of headers that say who asked, and the values of others', () => {
    const redactor = new Redactor([CANARY]);
    const headers = redactor.headers('headers', {
      'content-type': 'text/event-stream',
      'set-cookie': '__cf_bm=abc',
      'openai-organization': 'tally',
      'x-request-id': 'req_1',
      'anthropic-organization-id': 'id',
      'cf-ray': '1',
      location: `/?key=${CANARY}`,
      'x-ratelimit-limit-requests': '30000',
    });
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream',
      'set-cookie': 'redacted',
      'openai-organization': 'redacted',
      'x-request-id': 'redacted',
      'anthropic-organization-id': 'redacted',
      'cf-ray': 'redacted',
      'x-ratelimit-limit-requests': '30000',
    });
    expect(headers['location']).not.toContain('canary');
    expect(redactor.redactions.map(({ place }) => place)).toContain('headers.location');
  });
});
