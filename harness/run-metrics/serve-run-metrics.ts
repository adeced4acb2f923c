import { once } from 'node:events';
import { createServer } from 'node:http';
import { renderRunMetrics } from './render-run-metrics.ts';
import type { RunState } from './run-state.ts';

/** Tally's own /metrics, on loopback. */
export interface RunMetrics extends AsyncDisposable {
  /** Of the metrics themselves. */
  readonly url: string;
  /** From now on these parts of the run are shown too. */
  publish(parts: RunState): void;
}

/** Serves the metrics of one run on a free port. */
export async function serveRunMetrics(initial: RunState): Promise<RunMetrics> {
  let run = initial;
  const server = createServer((_request, response) => {
    renderRunMetrics(run).then(
      (text) => response.setHeader('content-type', CONTENT_TYPE).end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/metrics`,
    publish: (parts) => {
      run = { ...run, ...parts };
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
