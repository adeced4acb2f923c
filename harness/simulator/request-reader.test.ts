import { expect, test } from 'vitest';
import { openaiWire } from './providers/openai/wire.ts';
import { RequestReader } from './request-reader.ts';

const raw = { method: 'POST', path: '/v1/chat/completions', query: '', headers: {} };
const operation = openaiWire.findOperation(raw.method, raw.path);

function read(reader: RequestReader, text: string, more: object = {}) {
  return reader.read(openaiWire, operation, { ...raw, text, ...more });
}

test('the same bytes are read once, with the headers of each call', () => {
  const reader = new RequestReader();
  const text = '{"model":"m","stream":true,"messages":["tally-call-1"]}';
  const [first, second] = [read(reader, text), read(reader, text, { headers: { host: 'h' } })];
  expect(second).toEqual({ ...first, request: { ...first.request, headers: { host: 'h' } } });
  expect(second.request.body).toBe(first.request.body);
  expect(second).toMatchObject({ mark: 'tally-call-1', request: { model: 'm', isStream: true } });
});

test('other bytes, another path or another query are another request', () => {
  const reader = new RequestReader();
  const { request } = read(reader, '{"model":"m"}');
  expect(read(reader, '{"model":"n"}').request.model).toBe('n');
  for (const more of [{ path: '/v1/embeddings' }, { query: 'a=1' }, { method: 'PUT' }])
    expect(read(reader, '{"model":"m"}', more).request).toEqual({ ...request, ...more });
});

test('what is long, or one too many, is read anew', () => {
  const reader = new RequestReader();
  const long = `{"model":"${'m'.repeat(10_000)}"}`;
  expect(read(reader, long).request.body).not.toBe(read(reader, long).request.body);
  const first = read(reader, '{"n":0}').request.body;
  for (let n = 1; n <= 1_000; n += 1) read(reader, `{"n":${n}}`);
  expect(read(reader, '{"n":0}').request.body).not.toBe(first);
});
