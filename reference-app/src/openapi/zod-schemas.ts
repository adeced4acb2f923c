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

/**
 * Validates by zod; refuses a body with this status and anything else with 400, naming the field
 * and never its value. A custom check may bring a code (`params.code`) or the whole refusal
 * (`params.refuse`).
 */
export function validateWith(bodyStatus: 400 | 422): FastifySchemaCompiler<unknown> {
  return ({ schema, httpPart }) => {
    if (!(schema instanceof z.ZodType)) throw new TypeError(`The ${httpPart} has no zod schema.`);
    const refuse =
      httpPart === 'querystring'
        ? createRefuse({ status: 400, part: 'query', code: 'invalid_query' })
        : createRefuse({ status: bodyStatus, part: 'request body', code: 'invalid_body' });
    return (value) => {
      const parsed = schema.safeParse(value);
      return parsed.success ? { value: parsed.data } : { error: refuse(parsed.error.issues[0]) };
    };
  };
}

/** Parses what the schema of a route leaves open. Throws ApiError 400 that names the field. */
export function parseBody<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const refuse = createRefuse({ status: 400, part: 'request body', code: 'invalid_body' });
  throw refuse(parsed.error.issues[0]);
}

function createRefuse({ part, ...refusal }: { status: number; part: string; code: string }) {
  return (issue: z.core.$ZodIssue | undefined): ApiError => {
    const { code, refuse } = (issue?.code === 'custom' && issue.params) || {};
    if (typeof refuse === 'function') return refuse();
    const param = issue?.path.join('.') || null;
    return new ApiError({
      status: refusal.status,
      message: `Invalid ${part}: ${param === null ? '' : `${param}: `}${describeIssue(issue)}.`,
      type: 'invalid_request_error',
      param,
      code: typeof code === 'string' ? code : refusal.code,
    });
  };
}

/** What is wrong, in words that hold nothing the client sent: the name of a field may be a key. */
function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'unrecognized_keys') return 'holds a field that is not known';
  return issue?.message ?? 'not valid';
}

/** The id of something; what is no id is refused like one that names nothing. */
export function idOf(refuse: () => ApiError): z.ZodString {
  return z
    .string()
    .refine((text) => z.uuid().safeParse(text).success, { params: { refuse } })
    .meta({ format: 'uuid' });
}

/** Answers hold what their schema declares and nothing else. */
export const serializeByZod: FastifySerializerCompiler<z.ZodType> =
  ({ schema }) =>
  (data) =>
    JSON.stringify(schema.parse(data));
