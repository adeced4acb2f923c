import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type CassetteDocument, cassetteSchema } from './format.ts';
import { loadCassettes } from './load-cassettes.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/cassettes', import.meta.url));
const schema = { title: 'Cassette of Tally', ...z.toJSONSchema(cassetteSchema) };
const isValid = addFormats.default(new Ajv2020()).compile(schema);

const readDocument = async (id: string): Promise<CassetteDocument> =>
  JSON.parse(await readFile(join(FIXTURES, id, 'cassette.json'), 'utf8'));

describe('the published schema of cassette.json', () => {
  test('is the committed one; npm run schema writes it', async () => {
    const text = `${JSON.stringify(schema, null, 2)}\n`;
    await expect(text).toMatchFileSnapshot('./cassette.schema.json');
  });

  test('takes every committed cassette', async () => {
    for (const { id } of await loadCassettes(FIXTURES)) {
      isValid(await readDocument(id));
      expect(isValid.errors, id).toBeNull();
    }
  });

  test('takes one that names its schema', async () => {
    const document = { ...(await readDocument('openai/chat')), $schema: 'cassette.schema.json' };
    expect(isValid(document)).toBe(true);
    expect(cassetteSchema.safeParse(document).success).toBe(true);
  });

  test.for([
    ['an unknown field', { extra: 1 }],
    ['another format', { format: 2 }],
    ['a provider that nobody speaks', { id: 'other/chat' }],
    ['a date that is none', { expires: '2026-02-30' }],
  ] as const)('refuses %s', async ([, change]) => {
    expect(isValid({ ...(await readDocument('openai/chat')), ...change })).toBe(false);
  });

  test.for([
    ['two kinds of body', { body: {}, file: '001.response.sse' }],
    ['no body at all', {}],
    ['the chunks of no file', { body: {}, wire: '001.wire.json' }],
  ] as const)('refuses an answer with %s, as the loader does', async ([, answer]) => {
    const document = await readDocument('openai/chat');
    const [{ request } = { request: { method: 'GET', path: '/' } }] = document.interactions;
    const response = { status: 200, headers: {}, ...answer };
    const changed = { ...document, interactions: [{ request, response }] };
    expect(isValid(changed)).toBe(false);
    expect(cassetteSchema.safeParse(changed).success).toBe(false);
  });
});
