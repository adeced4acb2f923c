import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { isJsonObject, type JsonObject } from '../../shapes/json-object.ts';

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** undefined: there was none. */
  readonly body: JsonObject | undefined;
}

/** A server on loopback in place of a provider, which keeps what it was asked. */
export interface LocalProvider extends AsyncDisposable {
  readonly url: string;
  readonly asked: readonly Asked[];
}

/** Writes the one answer that every call gets. */
export async function startLocalProvider(
  answer: (response: ServerResponse) => void,
): Promise<LocalProvider> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void text(request).then((sent) => {
      const { method, url, headers } = request;
      const body: unknown = sent === '' ? undefined : JSON.parse(sent);
      asked.push({ method, url, headers, body: isJsonObject(body) ? body : undefined });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

export function json(body: unknown, { status = 200, type = 'application/json' } = {}) {
  return (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body, undefined, 2));
  };
}

/** Events as Gemini frames them; the connection ends cleanly after them. */
export function events(...chunks: readonly unknown[]) {
  return (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const chunk of chunks) response.write(`data: ${JSON.stringify(chunk)}\r\n\r\n`);
    response.end();
  };
}
