import { z } from 'zod';
import type { ForeignExchange, ForeignRecording, LeftOut } from './foreign-exchange.ts';

const headers = z.array(z.object({ name: z.string(), value: z.string() })).transform((all) => {
  const values = Map.groupBy(all, ({ name }) => name.toLowerCase());
  return Object.fromEntries(
    [...values].map(([name, same]) => [name, same.map(({ value }) => value).join(', ')]),
  );
});

const entrySchema = z.object({
  startedDateTime: z.string().optional(),
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers,
    postData: z.object({ text: z.string().optional() }).optional(),
  }),
  response: z.object({
    status: z.int(),
    headers,
    content: z.object({ text: z.string().optional(), encoding: z.string().optional() }),
  }),
});

const harSchema = z.object({ log: z.object({ entries: z.array(z.unknown()) }) });

/** A HAR file (1.2), as browsers and proxies write it; undefined when it is none. */
export function readHar(document: unknown): ForeignRecording | undefined {
  const har = harSchema.safeParse(document).data;
  if (har === undefined) return undefined;
  const exchanges: ForeignExchange[] = [];
  const leftOut: LeftOut[] = [];
  for (const [index, entry] of har.log.entries.entries()) {
    const place = `entry ${index + 1}`;
    const { data, error } = entrySchema.safeParse(entry);
    if (data === undefined) leftOut.push({ place, why: z.prettifyError(error) });
    else exchanges.push(toExchange(place, data));
  }
  return { tool: 'HAR', exchanges, leftOut };
}

function toExchange(
  place: string,
  { request, response, startedDateTime }: z.infer<typeof entrySchema>,
): ForeignExchange {
  const { text = '', encoding } = response.content;
  return {
    place,
    method: request.method.toUpperCase(),
    url: request.url,
    requestHeaders: request.headers,
    requestBody: Buffer.from(request.postData?.text ?? ''),
    status: response.status,
    headers: response.headers,
    body: Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8'),
    recordedAt: startedDateTime,
  };
}
