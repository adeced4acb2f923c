import { workerData } from 'node:worker_threads';
import { serveClient } from './client.ts';
import { API_KEY, keepBusy, type Round } from './load.ts';
import { chunkSizes, RawConnection } from './raw-connection.ts';
import { loadExchanges } from './recorded-exchange.ts';

// In workerData: where the server under load is, e.g. "http://127.0.0.1:20123/openai".
const base = new URL(String(workerData));
const exchanges = await loadExchanges();

function requestOf({ kind }: Round): string {
  const exchange = exchanges.find((one) => one.kind === kind);
  const body = JSON.stringify(exchange?.request);
  const head = [
    `POST ${base.pathname.replace(/\/$/, '')}${exchange?.path} HTTP/1.1`,
    `host: ${base.host}`,
    `authorization: Bearer ${API_KEY}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

serveClient({
  run: async (round) => {
    const request = requestOf(round);
    using opened = new DisposableStack();
    const connections = await Promise.all(
      Array.from({ length: round.connections }, () => RawConnection.open(base)),
    );
    for (const connection of connections) opened.use(connection);
    return await keepBusy(round, async (index) => {
      const answer = await connections[index]?.send(request);
      if (answer?.startsWith('HTTP/1.1 200 ') !== true)
        throw new Error(`${base} answered ${answer?.slice(0, 300)}`);
    });
  },
  readChunks: async (round) => {
    using connection = await RawConnection.open(base);
    return chunkSizes(await connection.send(requestOf(round)));
  },
});
