import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { startSimulator } from '../../simulator.ts';
import { readKey } from './requests.ts';

const FIXTURES = fileURLToPath(new URL('../../../../fixtures/cassettes', import.meta.url));
const KEY = 'AIza-requests-0123456789';
const contents = [{ role: 'user', parts: [{ text: 'Hello.' }] }];
const PLAIN = '/v1beta/models/gemini-3.5-flash:generateContent';

async function send(
  body: string,
  { path = PLAIN, headers = { 'x-goog-api-key': KEY } }: { path?: string; headers?: object } = {},
) {
  await using simulator = await startSimulator({ generate: true });
  simulator.acceptKey('google', KEY);
  const url = `${simulator.providerUrl('google')}${path}`;
  const response = await fetch(url, { method: 'POST', headers: { ...headers }, body });
  const { calls } = simulator.ledger;
  return { response, status: response.status, text: await response.text(), calls };
}

describe('google: requests', () => {
  test.for([
    ['no JSON', '{"contents":', 'Invalid JSON payload received.'],
    ['a list as body', [], 'contents is not specified'],
    ['no contents', {}, '* GenerateContentRequest.contents: contents is not specified'],
    ['empty contents', { contents: [] }, 'contents is not specified'],
    ['text as contents', { contents: 'x' }, "Invalid value at 'contents'"],
    ['a role of others', { contents: [{ role: 'assistant' }] }, 'Please use a valid role'],
  ] as const)('refuses %s as the real API does', async ([, body, message]) => {
    const answered = await send(typeof body === 'string' ? body : JSON.stringify(body));
    expect(answered.status).toBe(400);
    expect(JSON.parse(answered.text)).toEqual({
      error: { code: 400, message: expect.stringContaining(message), status: 'INVALID_ARGUMENT' },
    });
    expect(answered.calls).toMatchObject([
      { status: 400, answeredBy: 'rules', end: 'completed', operation: 'generateContent' },
    ]);
  });

  test('does not know every model, and names the version that was asked', async () => {
    const path = '/v1/models/gemini-1.5-flash:generateContent';
    const { status, text } = await send(JSON.stringify({ contents }), { path });
    expect(status).toBe(404);
    expect(JSON.parse(text).error).toMatchObject({
      status: 'NOT_FOUND',
      message: expect.stringMatching(/^models\/gemini-1\.5-flash is not found for API version v1,/),
    });
  });

  test('answers a wrong key with 400, not with 401', async () => {
    const { status, text, response } = await send('{}', {
      headers: { 'x-goog-api-key': 'AIza-x' },
    });
    expect(status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/json; charset=UTF-8');
    expect(JSON.parse(text)).toMatchObject({
      error: {
        status: 'INVALID_ARGUMENT',
        details: [{ reason: 'API_KEY_INVALID', domain: 'googleapis.com' }, { locale: 'en-US' }],
      },
    });
  });

  test('answers no key with 403 and no details', async () => {
    const { status, text } = await send('{}', { headers: {} });
    expect(status).toBe(403);
    expect(JSON.parse(text)).toEqual({
      error: { code: 403, status: 'PERMISSION_DENIED', message: expect.any(String) },
    });
  });

  test.for([
    ['?alt=sse', 'text/event-stream', /^\{\n {2}"error": \{\n {4}"code": 400/],
    ['', 'application/json; charset=UTF-8', /^\[\{\n {2}"error": \{\n[\s\S]*\n\}\n\]$/],
  ] as const)(
    'frames the error of a stream with "%s" in its own way',
    async ([query, type, body]) => {
      const path = `/v1beta/models/gemini-3.5-flash:streamGenerateContent${query}`;
      const { response, text } = await send('{}', {
        path,
        headers: { 'x-goog-api-key': 'AIza-x' },
      });
      expect(response.headers.get('content-type')).toBe(type);
      expect(text).toMatch(body);
      expect(text).not.toContain('data:');
    },
  );

  test('takes the key of the query, and shows it nowhere', async () => {
    const path = `${PLAIN}?key=${KEY}&alt=json`;
    const { status, calls } = await send(JSON.stringify({ contents }), { path, headers: {} });
    expect(status).toBe(200);
    expect(JSON.stringify(calls)).not.toContain(KEY);
  });

  test('shows a key of the query in no finding, however it is encoded', async () => {
    const key = 'AIza/query+0123456789';
    await using simulator = await startSimulator({ cassettes: await loadCassettes(FIXTURES) });
    simulator.acceptKey('google', key);
    const query = new URLSearchParams({ key, pageSize: '2' });
    const response = await fetch(`${simulator.providerUrl('google')}/v1beta/files?${query}`);
    expect(response.status).toBe(501);
    const shown = JSON.stringify([simulator.findings, simulator.ledger]) + (await response.text());
    expect(shown).toContain('pageSize=2');
    expect(shown).not.toMatch(/query(\+|%2B)0123456789/);
  });

  test('prefers the key of the header', () => {
    const query = new URLSearchParams({ key: 'of-query' });
    expect(readKey({ 'x-goog-api-key': 'of-header' }, query)).toBe('of-header');
    expect(readKey({}, query)).toBe('of-query');
    expect(readKey({}, new URLSearchParams())).toBeUndefined();
  });
});
