import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type CallOptions, callService } from './call-service.ts';
import { openServiceCall, type ServiceCall } from './service-call.ts';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function callTo(url: string, more: Partial<CallOptions> = {}): Promise<ServiceCall> {
  const call = openServiceCall({
    id: 1,
    scenario: 'x',
    method: 'POST',
    path: '/',
    modelRequested: undefined,
    mark: undefined,
    raced: false,
  });
  await callService(call, { url, method: 'POST', headers: {}, body: {}, ...more });
  return call;
}

const EVENT_STREAM = { 'content-type': 'text/event-stream' };
const delta = (content: string): string =>
  `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;

test('keeps status, headers and the parsed body of a plain answer', async () => {
  const url = await serve((_, response) => {
    response.writeHead(401, { 'x-byom-credential': 'user' }).end('{"error":{"code":"no"}}');
  });
  expect(await callTo(url)).toMatchObject({
    status: 401,
    end: 'completed',
    headers: { 'x-byom-credential': 'user' },
    body: { error: { code: 'no' } },
  });
});

test('keeps a body that is no JSON as it came', async () => {
  const url = await serve((_, response) => response.end('<html>'));
  expect(await callTo(url)).toMatchObject({ body: '<html>', end: 'completed' });
});

test('counts content events, not the opening nor the end of a stream', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, EVENT_STREAM);
    response.end(`${delta('')}${delta('a')}${delta('b')}data: {"choices":[]}\n\ndata: [DONE]\n\n`);
  });
  const call = await callTo(url);
  expect(call).toMatchObject({ contentEvents: 2, sawEnd: true, end: 'completed' });
  expect(call.events).toHaveLength(4);
});

test('reads a stream in Anthropic’s grammar: what is content, and its own end', async () => {
  const event = (data: { type: string; delta?: object }): string =>
    `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
  const content = (delta: object): string => event({ type: 'content_block_delta', delta });
  const url = await serve((_, response) => {
    response.writeHead(200, EVENT_STREAM);
    response.write(event({ type: 'message_start' }) + event({ type: 'ping' }));
    response.write(content({ text: '' }) + content({ text: 'a' }) + content({ thinking: 'b' }));
    response.write(content({ partial_json: '{' }) + content({ signature: 'c' }));
    response.write(event({ type: 'message_delta', delta: { stop_reason: 'end_turn' } }));
    response.end(event({ type: 'message_stop' }));
  });
  const call = await callTo(url);
  expect(call).toMatchObject({ contentEvents: 3, sawEnd: true, end: 'completed' });
  expect(call.events).toHaveLength(8);
});

test('leaves when it is told to, also before there is an answer', async () => {
  const leaving = new AbortController();
  const url = await serve(() => leaving.abort());
  expect(await callTo(url, { leaving: leaving.signal })).toMatchObject({
    status: undefined,
    end: 'left',
    failure: undefined,
  });
});

test('sends no body where there is none', async () => {
  const url = await serve(({ method, headers }, response) => {
    response.end(`${method} ${headers['content-type']} ${headers['content-length']}`);
  });
  const call = await callTo(url, { method: 'DELETE', body: undefined });
  expect(call.body).toBe('DELETE undefined 0');
});

test('leaves after exactly the events it was told to read', async () => {
  const closed = Promise.withResolvers<void>();
  const url = await serve((_, response) => {
    response.once('close', closed.resolve);
    response.writeHead(200, EVENT_STREAM);
    response.write(delta('a') + delta('b') + delta('c'));
  });
  const call = await callTo(url, { leaveAfterContentEvents: 2 });
  expect(call).toMatchObject({ contentEvents: 2, end: 'left', failure: undefined });
  await closed.promise;
  expect(call.contentEvents).toBe(2);
});

test('records a connection that breaks in mid-answer, and why', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, EVENT_STREAM);
    response.write(delta('a'), () => response.destroy());
  });
  expect(await callTo(url)).toMatchObject({ status: 200, contentEvents: 1, end: 'cut' });
});

test('records a service that closes without an answer', async () => {
  const url = await serve((request) => request.socket.destroy());
  expect(await callTo(url)).toMatchObject({
    status: undefined,
    end: 'cut',
    failure: 'socket hang up',
  });
});

test('records a service that never answers', async () => {
  const url = await serve(() => undefined);
  expect(await callTo(url, { timeoutMs: 50 })).toMatchObject({ status: undefined, end: 'cut' });
});
