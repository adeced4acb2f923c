import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EngineAddress } from './docker-engine.ts';

export interface FakeEngine {
  address: EngineAddress;
  /** What was asked, e.g. "DELETE /containers/1". */
  asked: string[];
  close(): void;
}

export interface FakeEngineOptions {
  /** An address to listen at by TCP, instead of a socket. */
  host?: string;
  /** What the engine shows and whom it trusts. */
  tls?: ServerOptions;
}

/** Answers like Docker's HTTP API for as long as the test runs. */
export async function serveEngine(
  answer: (asked: string, response: ServerResponse) => void,
  { host, tls }: FakeEngineOptions = {},
): Promise<FakeEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'));
  const path = join(folder, 'docker.sock');
  const asked: string[] = [];
  const listener: RequestListener = ({ method, url = '' }, response) => {
    const request = `${method} ${url.split('?')[0]}`;
    asked.push(request);
    answer(request, response);
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => {
    server.listen(host === undefined ? { path } : { host, port: 0 }, resolve);
  });
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(async () => {
    close();
    await rm(folder, { recursive: true, force: true });
  });
  const at = server.address();
  const found = typeof at === 'string' ? `unix://${at}` : `tcp://${host}:${at?.port}`;
  return { address: { host: found }, asked, close };
}
