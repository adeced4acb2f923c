import { readFileSync } from 'node:fs';
import { z } from 'zod';

const TIMEOUT_MS = 15_000;

const jsonSchema = z.record(z.string(), z.unknown());
const content = z.record(z.string(), z.object({ schema: jsonSchema }));

const response = z.object({
  description: z.string(),
  headers: jsonSchema.default({}),
  content: content.optional(),
});

const operation = z.object({
  summary: z.string(),
  security: z.array(jsonSchema).optional(),
  parameters: z
    .array(
      z.object({
        in: z.enum(['path', 'query', 'header']),
        name: z.string(),
        required: z.boolean(),
        schema: jsonSchema,
      }),
    )
    .default([]),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.union([z.object({ $ref: z.string() }), response])),
});

const document = z.looseObject({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ responses: z.record(z.string(), response) }),
});

/** The parts of the served document that contracts read. */
export type OpenApiDocument = z.infer<typeof document>;
export type JsonSchema = z.infer<typeof jsonSchema>;
export type DocumentedResponse = z.infer<typeof response>;

/** One method of one path, e.g. "GET /llm-credentials/{id}". */
export interface Operation extends z.infer<typeof operation> {
  readonly method: string;
  readonly path: string;
}

/** Reads what the service itself says of its API. Throws when it is no OpenAPI 3.1 document. */
export async function fetchDocument(serviceUrl: string): Promise<OpenApiDocument> {
  const answer = await fetch(`${serviceUrl}/openapi.json`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return document.parse(await answer.json());
}

/** The document as it is published, for tests that are made from it before a service runs. */
export function readPublishedDocument(): OpenApiDocument {
  const url = new URL('../../reference-app/openapi.json', import.meta.url);
  return document.parse(JSON.parse(readFileSync(url, 'utf8')));
}

/** Public operations need no service key. */
export function isPublic({ security }: Operation): boolean {
  return security?.length === 0;
}

export function listOperations({ paths }: OpenApiDocument): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, found]) => ({
      ...found,
      method: method.toUpperCase(),
      path,
    })),
  );
}

/** The answer that an operation documents for a status: its own or that of its range. */
export function documentedResponse(
  { components }: OpenApiDocument,
  { responses }: Operation,
  status: number,
): DocumentedResponse | undefined {
  const found = responses[status] ?? responses[`${Math.floor(status / 100)}XX`];
  if (found === undefined || !('$ref' in found)) return found;
  return components.responses[found.$ref.split('/').at(-1) ?? ''];
}
