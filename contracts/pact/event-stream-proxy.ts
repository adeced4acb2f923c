import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { EVENTS_TYPE, frameEvents, parseStream, STREAM_TYPE } from './event-stream.ts';

const TIMEOUT_MS = 15_000;

/** Stands before a server and shows its streams in the other form. */
export interface EventStreamProxy extends AsyncDisposable {
  /** e.g. "http://127.0.0.1:40123". */
  readonly url: string;
  /** Where calls go from now on, e.g. the URL of a mock server. */
  target: string;
}

/**
 * Pact compares JSON by rules and any other body as one text, so pacts hold streams as JSON. This
 * proxy makes JSON of a provider's stream for the verifier, and a stream of a mock's JSON for the
 * consumer; every other answer passes as it is. Listens on loopback on a free port.
 */
export async function startEventStreamProxy(target = ''): Promise<EventStreamProxy> {
  const server = createServer((request, response) => {
    forward(proxy.target, request, response).catch((cause: unknown) => {
      response.writeHead(502, { 'content-type': 'text/plain' });
      response.end(`${request.method} ${request.url} was not answered: ${String(cause)}`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const proxy: EventStreamProxy = {
    url: `http://127.0.0.1:${port}`,
    target,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}

async function forward(
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(request);
  const answer = await fetch(`${target}${request.url}`, {
    method: request.method ?? 'GET',
    headers: endToEnd(request.headersDistinct),
    body: body.length === 0 ? null : body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const type = answer.headers.get('content-type') ?? '';
  const text = await answer.text();
  const headers = new Headers(endToEnd(Object.fromEntries(answer.headers)));
  if (type.startsWith(STREAM_TYPE)) headers.set('content-type', EVENTS_TYPE);
  if (type.startsWith(EVENTS_TYPE)) headers.set('content-type', STREAM_TYPE);
  response.writeHead(answer.status, Object.fromEntries(headers));
  response.end(translate(type, text));
}

function translate(type: string, text: string): string {
  if (type.startsWith(STREAM_TYPE)) return JSON.stringify({ events: parseStream(text) });
  if (type.startsWith(EVENTS_TYPE)) return frameEvents(JSON.parse(text));
  return text;
}

/** fetch sets these of its own, and has decoded the body that it gives. */
const NOT_FORWARDED = new Set([
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
]);

function endToEnd(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const entries = Object.entries(headers).filter(([name]) => !NOT_FORWARDED.has(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, [value].flat().join(', ')]));
}
