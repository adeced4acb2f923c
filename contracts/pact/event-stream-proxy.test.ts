import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { EVENTS_TYPE } from './event-stream.ts';
import { startEventStreamProxy } from './event-stream-proxy.ts';

/** A proxy before a server that always answers so. */
async function startBefore(type: string, body: string) {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': type, 'x-kept': 'yes' }).end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const proxy = await startEventStreamProxy(`http://127.0.0.1:${port}`);
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]();
    server.close();
  });
  return proxy;
}

const STREAM = 'event: start\ndata: {"type":"start"}\n\ndata: [DONE]\n\n';
const EVENTS = { events: [{ event: 'start', data: { type: 'start' } }, { data: '[DONE]' }] };

async function ask(url: string) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  const { status, headers } = answer;
  return {
    status,
    type: headers.get('content-type'),
    kept: headers.get('x-kept'),
    text: await answer.text(),
  };
}

test.for(['\n', '\r\n'])('a stream becomes JSON, with the line end %j', async (lineEnd) => {
  const proxy = await startBefore(
    'text/event-stream; charset=utf-8',
    STREAM.replaceAll('\n', lineEnd),
  );
  const { text, ...head } = await ask(proxy.url);
  expect(head).toEqual({ status: 200, type: EVENTS_TYPE, kept: 'yes' });
  expect(JSON.parse(text)).toEqual(EVENTS);
});

test('an event without its blank line is not one', async () => {
  const proxy = await startBefore('text/event-stream', 'data: {}\n\ndata: {}');
  expect((await ask(proxy.url)).text).toBe('{"events":[{"data":{}}]}');
});

test('JSON of events becomes a stream', async () => {
  const proxy = await startBefore(EVENTS_TYPE, JSON.stringify(EVENTS));
  expect(await ask(proxy.url)).toMatchObject({ type: 'text/event-stream', text: STREAM });
});

test('any other answer passes as it is', async () => {
  const proxy = await startBefore('application/json', '{ "a": 1 }');
  expect(await ask(proxy.url)).toMatchObject({ type: 'application/json', text: '{ "a": 1 }' });
});

test('says so when nobody answers behind it', async () => {
  const proxy = await startBefore('text/plain', '');
  proxy.target = 'http://127.0.0.1:1';
  expect(await ask(proxy.url)).toMatchObject({
    status: 502,
    text: expect.stringContaining('GET / was not answered'),
  });
});
