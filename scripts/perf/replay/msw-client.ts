import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { serveClient } from './client.ts';
import { createFetchClient, ORIGIN } from './fetch-client.ts';
import { loadExchanges } from './recorded-exchange.ts';

const exchanges = await loadExchanges();
const handler = http.post(`${ORIGIN}${exchanges[0]?.path}`, async ({ request }) => {
  const asked = JSON.stringify(await request.json());
  const found = exchanges.find((one) => JSON.stringify(one.request) === asked);
  if (found === undefined) return HttpResponse.error();
  const { kind, answer, chunks, headers } = found;
  const body = kind === 'json' ? new Uint8Array(answer) : ReadableStream.from(chunks);
  return new HttpResponse(body, { headers: { ...headers } });
});
setupServer(handler).listen({ onUnhandledFrame: 'error' });
serveClient(createFetchClient(exchanges));
