import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findSecrets } from './find-secrets.ts';
import { Redactor } from './redactor.ts';

/** Ways to encode a text, each of which another may encode again. */
const ENCODERS = {
  json: (text: string) => JSON.stringify({ said: text }),
  'escaped json': (text: string) =>
    `{"said":"${[...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"}`,
  url: (text: string) => `https://example.test/?said=${encodeURIComponent(text)}`,
  base64: (text: string) => `Basic ${Buffer.from(text, 'latin1').toString('base64')}`,
  'base64 for urls': (text: string) => Buffer.from(text, 'latin1').toString('base64url'),
  hex: (text: string) => Buffer.from(text, 'latin1').toString('hex'),
  gzip: (text: string) => gzipSync(Buffer.from(text, 'latin1')).toString('base64'),
  stream: (text: string) =>
    (text.match(/[\s\S]{1,3}/g) ?? [])
      .map((part) => `data: ${JSON.stringify({ delta: part })}\n\n`)
      .join(''),
} as const;

const encoders = fc.array(fc.constantFrom(...Object.keys(ENCODERS)), { maxLength: 3 });
const around = fc.string({ maxLength: 12 });
const secrets = fc.stringMatching(/^[!-~]{16,40}$/);

test('finds a secret under any three encodings, and takes it out', () => {
  fc.assert(
    fc.property(secrets, encoders, around, around, (secret, names, before, after) => {
      const text = names.reduce(
        (inner, name) => ENCODERS[name as keyof typeof ENCODERS](inner),
        `${before} ${secret} ${after}`,
      );
      const bytes = Buffer.from(text, 'latin1');
      const rules = findSecrets(bytes, [secret]).map(({ rule }) => rule);
      expect(rules).toContain('known-secret');
      const redactor = new Redactor([secret]);
      const redacted = redactor.bytes('place', bytes);
      expect(redacted.length).toBe(bytes.length);
      redactor.assertClean('place', redacted);
    }),
    { numRuns: 500 },
  );
});

test('finds no key in what is none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
      const text = JSON.stringify({ b64_json: Buffer.from(bytes).toString('base64') });
      expect(findSecrets(Buffer.from(text), ['sk-tally-0123456789'])).toEqual([]);
    }),
  );
});
