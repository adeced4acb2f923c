import { z } from 'zod';

/** The newest form of a cassette; one of an older form is read, and is stale. */
export const FORMAT = 1;

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
  path: z
    .string()
    .regex(/^\//, 'must start with "/"')
    .describe('As on the provider\'s own host, without the query, e.g. "/v1/chat/completions".'),
  query: z.record(z.string(), z.string()).exactOptional().describe('Without secrets.'),
  body: z.json().exactOptional().describe('The JSON that the service sends.'),
});

const responseSchema = z
  .strictObject({
    status: z.int().min(200).max(599),
    headers: z.record(z.string().regex(/^[a-z0-9-]+$/, 'a lower-case header name'), z.string()),
    body: z
      .json()
      .exactOptional()
      .describe('A JSON answer as its value; it is sent without white space and with sorted keys.'),
    file: fileName
      .exactOptional()
      .describe('Any answer as its bytes: the file that holds them, e.g. "001.response.sse".'),
    wire: fileName
      .exactOptional()
      .describe('The file with the chunk boundaries and times of `file`; one chunk without it.'),
  })
  .refine((response) => (response.body === undefined) !== (response.file === undefined), {
    message: 'exactly one of `body` and `file` must be given',
  })
  .refine((response) => response.wire === undefined || response.file !== undefined, {
    message: '`wire` describes `file`, which is not given',
  })
  // What the two rules above say, for those who read the published schema.
  .meta({
    oneOf: [{ required: ['body'] }, { required: ['file'] }],
    dependentRequired: { wire: ['file'] },
  });

const provenanceSchema = z.strictObject({
  kind: z
    .enum(['live', 'synthetic', 'derived'])
    .describe(
      'live: recorded; synthetic: written from published formats; derived: made from a recording.',
    ),
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
  $schema: z.string().exactOptional().describe('For editors: where this schema is.'),
  format: z.literal(FORMAT),
  id: z
    .string()
    .regex(/^(openai|google|anthropic)\/[a-z0-9-]+$/)
    .describe('`<provider>/<case>`, as its folder is named.'),
  provenance: provenanceSchema,
  redactions: z.array(redactionSchema).describe('Redacted places; never the values.'),
  edits: z
    .array(z.strictObject({ date: z.iso.date(), reason: z.string().trim().min(1) }))
    .exactOptional()
    .describe('What was changed by hand, the first first; `tally reseal` adds to it.'),
  expires: z.iso.date().exactOptional().describe('The recording is stale from this day on.'),
  repeat: z
    .boolean()
    .describe('true: may be replayed any number of times (load); false: each interaction once.'),
  volatile: z
    .array(z.string().regex(/^body/, 'must start with "body"'))
    .describe('Places of the request body that do not take part in matching, e.g. "body.user".'),
  interactions: z.array(z.strictObject({ request: requestSchema, response: responseSchema })),
  seal: z.string().describe('Hash of everything else and of the files; a hand edit breaks it.'),
});

export type CassetteDocument = z.infer<typeof cassetteSchema>;
export type RecordedRequest = z.infer<typeof requestSchema>;
export type Chunk = z.infer<typeof wireSchema>[number];
