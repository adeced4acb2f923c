import { z } from 'zod';
import type { ForeignExchange, ForeignRecording, LeftOut } from './foreign-exchange.ts';
import { bodySchema, parsedBodySchema } from './read-body.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const message = {
  headers: z
    .record(z.string(), z.union([scalar, z.array(scalar).transform((all) => all.join(', '))]))
    .nullish()
    .transform((headers) =>
      Object.fromEntries(
        Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
      ),
    ),
  body: bodySchema.optional(),
  // Some projects let vcrpy keep the value of a JSON body.
  parsed_body: parsedBodySchema.optional(),
};

const interactionSchema = z.object({
  // vcrpy and VCR say `uri`, go-vcr says `url`.
  request: z.object({
    ...message,
    method: z.string(),
    uri: z.string().optional(),
    url: z.string().optional(),
  }),
  response: z.object({
    ...message,
    // Earlier versions of vcrpy write answers to httpx so.
    content: bodySchema.optional(),
    status_code: z.int().optional(),
    code: z.int().optional(),
    status: z.union([z.object({ code: z.int() }), z.int(), z.string()]).optional(),
  }),
  recorded_at: z.union([z.string(), z.date().transform((date) => date.toISOString())]).optional(),
});

type Interaction = z.infer<typeof interactionSchema>;

/** The recordings of VCR, vcrpy and go-vcr, which are one family; undefined when it is none. */
export function readVcr(document: unknown): ForeignRecording | undefined {
  const file = fileSchema.safeParse(document).data;
  const entries = file?.http_interactions ?? file?.interactions;
  if (entries === undefined) return undefined;
  const exchanges: ForeignExchange[] = [];
  const leftOut: LeftOut[] = [];
  let tool = file?.http_interactions === undefined ? 'vcrpy' : 'VCR';
  for (const [index, entry] of entries.entries()) {
    const place = `interaction ${index + 1}`;
    const { data, error } = interactionSchema.safeParse(entry);
    if (data === undefined) {
      leftOut.push({ place, why: z.prettifyError(error) });
      continue;
    }
    if (data.request.url !== undefined) tool = 'go-vcr';
    exchanges.push(toExchange(place, data));
  }
  return { tool, exchanges, leftOut };
}

const fileSchema = z.object({
  http_interactions: z.array(z.unknown()).optional(),
  interactions: z.array(z.unknown()).optional(),
});

function toExchange(
  place: string,
  { request, response, recorded_at }: Interaction,
): ForeignExchange {
  const none = Buffer.alloc(0);
  return {
    place,
    method: request.method.toUpperCase(),
    url: request.uri ?? request.url ?? '',
    requestHeaders: request.headers,
    requestBody: request.body ?? request.parsed_body ?? none,
    status: statusOf(response),
    headers: response.headers,
    body: response.body ?? response.parsed_body ?? response.content ?? none,
    recordedAt: recorded_at,
  };
}

/** VCR writes `status.code`, go-vcr `code` beside the text of the status line. */
function statusOf({ status, status_code, code }: Interaction['response']): number {
  if (typeof status === 'object') return status.code;
  if (typeof status === 'number') return status;
  return code ?? status_code ?? 0;
}
