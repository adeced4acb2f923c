import { Readable } from 'node:stream';
import nock from 'nock';
import { serveClient } from './client.ts';
import { createFetchClient, ORIGIN } from './fetch-client.ts';
import { loadExchanges } from './recorded-exchange.ts';

const exchanges = await loadExchanges();
nock.disableNetConnect();
for (const { kind, path, request, headers, answer, chunks } of exchanges) {
  const interceptor = nock(ORIGIN)
    .persist()
    .post(path, { ...request });
  if (kind === 'json') interceptor.reply(200, answer, { ...headers });
  else interceptor.reply(200, () => Readable.from(chunks), { ...headers });
}
serveClient(createFetchClient(exchanges));
