import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A provider that keeps the heads of what it was asked: the simulator's ledger keeps less. */
export interface RecordingProvider extends AsyncDisposable {
  /** The base URL for an SDK. */
  readonly url: string;
  readonly requests: { method: string; path: string; headers: IncomingHttpHeaders }[];
  /** undefined: from now on it reads requests and never answers. */
  answer: { status: number; body: unknown } | undefined;
}

/** Listens on loopback on a free port. */
export async function startRecordingProvider(): Promise<RecordingProvider> {
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    provider.requests.push({ method, path: url, headers });
    request.resume();
    if (provider.answer === undefined) return;
    response.writeHead(provider.answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(provider.answer.body));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const provider: RecordingProvider = {
    url: `http://127.0.0.1:${port}/v1`,
    requests: [],
    answer: { status: 200, body: {} },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  return provider;
}
