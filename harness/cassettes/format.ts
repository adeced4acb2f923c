import { z } from 'zod';

const fileName = z
  .string()
  .regex(/^[\w-]+(\.[\w-]+)+$/, 'a file name in the folder of the cassette');

/** `[byteOffset, msOffset]` of each chunk: where it starts, and when after the response's head. */
export const wireSchema = z
  .array(z.tuple([z.int().nonnegative(), z.number().nonnegative()]))
  .min(1)
  .superRefine((chunks, context) => {
    if (chunks[0]?.[0] !== 0) {
      context.addIssue({ code: 'custom', message: 'the first chunk must start at byte 0' });
    }
    for (const [index, [offset, ms]] of chunks.entries()) {
      const [previousOffset, previousMs] = chunks[index - 1] ?? [-1, 0];
      if (offset <= previousOffset || ms < previousMs) {
        const message = `chunk ${index} (byte ${offset}, ${ms} ms) does not come after the one before (byte ${previousOffset}, ${previousMs} ms)`;
        context.addIssue({ code: 'custom', message });
      }
    }
  });

const requestSchema = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  /** As on the provider's own host, without the query, e.g. "/v1/chat/completions". */
  path: z.string().startsWith('/'),
  /** Without secrets. */
  query: z.record(z.string(), z.string()).exactOptional(),
  body: z.json().exactOptional(),
});

const responseSchema = z
  .strictObject({
    status: z.int().min(200).max(599),
    headers: z.record(z.string().regex(/^[a-z0-9-]+$/, 'a lower-case header name'), z.string()),
    /** A JSON answer as its value; it is sent without white space and with sorted keys. */
    body: z.json().exactOptional(),
    /** Any answer as its bytes: the name of the file that holds them, e.g. "001.response.sse". */
    file: fileName.exactOptional(),
    /** The file with the chunk boundaries and times of `file`; one chunk when left out. */
    wire: fileName.exactOptional(),
  })
  .refine((response) => (response.body === undefined) !== (response.file === undefined), {
    message: 'exactly one of `body` and `file` must be given',
  })
  .refine((response) => response.wire === undefined || response.file !== undefined, {
    message: '`wire` describes `file`, which is not given',
  });

const provenanceSchema = z.strictObject({
  /** live: recorded; synthetic: written from published formats; derived: made from a recording. */
  kind: z.enum(['live', 'synthetic', 'derived']),
  date: z.iso.date(),
  modelRequested: z.string(),
  modelServed: z.string(),
  recorder: z.string(),
  costUsd: z.number().nonnegative().exactOptional(),
  note: z.string().exactOptional(),
});

const redactionSchema = z.strictObject({
  place: z.string(),
  rule: z.string(),
  count: z.int().positive(),
});

/** `cassette.json`: one recorded contract situation. Its bodies in files lie beside it. */
export const cassetteSchema = z.strictObject({
  format: z.literal(1),
  /** `<provider>/<case>`, as its folder is named. */
  id: z.string().regex(/^(openai|google|anthropic)\/[a-z0-9-]+$/),
  provenance: provenanceSchema,
  /** Redacted places; never the values. */
  redactions: z.array(redactionSchema),
  /** What was changed by hand, the first first; `tally reseal` adds to it. */
  edits: z
    .array(z.strictObject({ date: z.iso.date(), reason: z.string().trim().min(1) }))
    .exactOptional(),
  expires: z.iso.date().exactOptional(),
  /** true: may be replayed any number of times (load); false: each interaction once. */
  repeat: z.boolean(),
  /** Places of the request body that do not take part in matching, e.g. "body.user". */
  volatile: z.array(z.string().startsWith('body')),
  interactions: z.array(z.strictObject({ request: requestSchema, response: responseSchema })),
  /** Hash of everything above and of the files; a hand edit breaks it. */
  seal: z.string(),
});

export type CassetteDocument = z.infer<typeof cassetteSchema>;
export type RecordedRequest = z.infer<typeof requestSchema>;
export type Chunk = z.infer<typeof wireSchema>[number];
