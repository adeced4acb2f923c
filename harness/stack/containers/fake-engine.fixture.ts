import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
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

/** Answers like Docker's HTTP API, on a socket, for as long as the test runs. */
export async function serveEngine(
  answer: (asked: string, response: ServerResponse) => void,
): Promise<FakeEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'));
  const path = join(folder, 'docker.sock');
  const asked: string[] = [];
  const server = createServer(({ method, url = '' }, response) => {
    const request = `${method} ${url.split('?')[0]}`;
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(async () => {
    close();
    await rm(folder, { recursive: true, force: true });
  });
  return { address: { host: `unix://${path}` }, asked, close };
}
