import { createServer as createPlain, type RequestListener } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export const AUTHORIZATION = { authorization: 'Bearer of-the-front' };

export interface FrontOptions {
  /** The service behind it. */
  url: string;
  /** With TLS. */
  pem?: { key: string; cert: string };
  /** Changes the summary on its way. */
  onSummary?: (summary: Record<string, Record<string, number>>) => void;
}

/** What stands before a deployed service: it wants an authorization, and may speak TLS. */
export async function startFront({ url, pem, onSummary }: FrontOptions): Promise<string> {
  const listener: RequestListener = (request, response) => {
    if (request.headers.authorization !== AUTHORIZATION.authorization) {
      response.writeHead(401).end('Who are you?');
      return;
    }
    void fetch(`${url}${request.url}`, { signal: AbortSignal.timeout(5_000) }).then(
      async (answer) => {
        const text = await answer.text();
        const isSummary = request.url?.endsWith('/summary') && onSummary !== undefined;
        const type = answer.headers.get('content-type') ?? '';
        response.writeHead(answer.status, { 'content-type': type });
        response.end(isSummary ? changed(text, onSummary) : text);
      },
      () => response.destroy(),
    );
  };
  const server = pem === undefined ? createPlain(listener) : createTls(pem, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return pem === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
}

function changed(text: string, change: NonNullable<FrontOptions['onSummary']>): string {
  const summary = JSON.parse(text) as Record<string, Record<string, number>>;
  change(summary);
  return JSON.stringify(summary);
}
