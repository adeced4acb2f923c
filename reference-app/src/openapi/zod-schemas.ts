import type { IncomingMessage, ServerResponse } from 'node:http';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifySchemaCompiler,
  FastifySerializerCompiler,
  FastifyTypeProvider,
  RawServerDefault,
} from 'fastify';
import { z } from 'zod';
import { ApiError } from '../errors/api-error.ts';

/** Types the requests and answers of a route by its zod schemas. */
export interface ZodTypes extends FastifyTypeProvider {
  readonly validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown;
  readonly serializer: this['schema'] extends z.ZodType ? z.input<this['schema']> : unknown;
}

/** An app whose routes are typed by their schemas. */
export type ZodApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypes
>;

interface Part {
  readonly name: string;
  readonly code: string;
}

const BODY: Part = { name: 'request body', code: 'invalid_body' };
const PARTS: Readonly<Record<string, Part>> = {
  body: BODY,
  headers: { name: 'header', code: 'invalid_header' },
  params: { name: 'path', code: 'invalid_path' },
  querystring: { name: 'query', code: 'invalid_query' },
};

/**
 * Validates by zod; refuses with this status, naming the field and never its value. A custom check
 * may bring a code (`params.code`) or the whole refusal (`params.refuse`).
 */
export function validateWith(status: 400 | 422): FastifySchemaCompiler<unknown> {
  return ({ schema, httpPart = 'body' }) => {
    const part = PARTS[httpPart] ?? BODY;
    if (!(schema instanceof z.ZodType)) throw new TypeError(`The ${part.name} has no zod schema.`);
    return (value) => {
      const parsed = schema.safeParse(value);
      if (parsed.success) return { value: parsed.data };
      return { error: createRefusal(parsed.error.issues[0], { status, part }) };
    };
  };
}

/** Parses what the schema of a route leaves open. Throws ApiError 400 that names the field. */
export function parseBody<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw createRefusal(parsed.error.issues[0], { status: 400, part: BODY });
}

function createRefusal(
  issue: z.core.$ZodIssue | undefined,
  { status, part }: { status: number; part: Part },
): ApiError {
  const { code, refuse } = (issue?.code === 'custom' && issue.params) || {};
  if (typeof refuse === 'function') return refuse();
  const param = issue?.path.join('.') ?? '';
  return new ApiError({
    status,
    message: `Invalid ${part.name}: ${param === '' ? '' : `${param}: `}${describeIssue(issue)}.`,
    type: 'invalid_request_error',
    param: param === '' ? null : param,
    code: typeof code === 'string' ? code : part.code,
  });
}

/** What is wrong, in words that hold nothing the client sent: the name of a field may be a key. */
export function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'unrecognized_keys') return 'holds a field that is not known';
  return issue?.message ?? 'not valid';
}

/** Answers hold what their schema declares and nothing else. */
export const serializeByZod: FastifySerializerCompiler<z.ZodType> =
  ({ schema }) =>
  (data) =>
    JSON.stringify(schema.parse(data));
