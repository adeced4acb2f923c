import type { Client } from './client.ts';
import { API_KEY, keepBusy, type Round } from './load.ts';
import type { RecordedExchange } from './recorded-exchange.ts';

/** An address that is intercepted before anybody looks it up. */
export const ORIGIN = 'http://openai.invalid';

/** Calls as an application in this process would. */
export function createFetchClient(exchanges: readonly RecordedExchange[]): Client {
  const call = async ({ kind }: Round): Promise<Uint8Array[]> => {
    const exchange = exchanges.find((one) => one.kind === kind);
    const answer = await fetch(`${ORIGIN}${exchange?.path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(exchange?.request),
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) throw new Error(`${kind} was answered ${answer.status}`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.body ?? []) chunks.push(chunk);
    return chunks;
  };
  return {
    run: (round) =>
      keepBusy(round, async () => {
        await call(round);
      }),
    readChunks: async (round) => (await call(round)).map(({ length }) => length),
  };
}
