import { STATUS_CODES } from 'node:http';
import type { FastifySchema } from 'fastify';
import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

interface RouteContext {
  readonly method: string;
  /** The shape in which the route refuses. */
  readonly refusal: z.ZodType;
  /** Schemas with an id, to which the document refers by it; grows with every route. */
  readonly schemas: Record<string, JsonSchema>;
}

/** An answer whose content type is not JSON alone. */
interface Answer {
  readonly description?: string;
  readonly content: Readonly<Record<string, { readonly schema: z.ZodType }>>;
}

const REQUEST_ID = { type: 'string', description: 'Names the request in the log.' };
const RETRY_AFTER = { type: 'string', description: 'Of the limit, or as the provider sent it.' };
const RATE_LIMIT = {
  'x-ratelimit-limit': { type: 'integer', description: 'Requests of the user in a minute.' },
  'x-ratelimit-remaining': { type: 'integer' },
  'x-ratelimit-reset': { type: 'integer', description: 'Seconds until the count starts anew.' },
};

/** A route's declaration with JSON Schema for zod, and with what is true of every route. */
export function describeRoute(schema: FastifySchema, context: RouteContext): FastifySchema {
  const {
    errors = [],
    response,
    body,
    params,
    querystring,
    headers,
    answerHeaders,
    ...rest
  } = schema;
  const parts = Object.entries({ body, params, querystring, headers }).flatMap(([part, zod]) =>
    zod instanceof z.ZodType ? [[part, toJsonSchema(zod, 'input', context)]] : [],
  );
  const answers: [string, unknown][] = [...commonErrors(schema, context), ...errors].map(
    (status) => [String(status), context.refusal],
  );
  answers.push(...Object.entries(response ?? {}));
  return {
    ...rest,
    ...Object.fromEntries(parts),
    response: Object.fromEntries(
      answers.map(([status, answer]) => [
        status,
        {
          ...describeAnswer(status, answer, context),
          headers: { ...describeHeaders(status, schema), ...answerHeaders },
        },
      ]),
    ),
  };
}

/** What a route refuses before its own code runs, unless its errors name the whole range. */
function commonErrors(
  { security, body, querystring, params, errors = [] }: FastifySchema,
  { method }: RouteContext,
): number[] {
  const statuses = [
    ...(method === 'GET' ? [] : [400, 413, 415]),
    ...(security?.length === 0 ? [] : [401, 429]),
    ...(params === undefined ? [] : [400, 404]),
    ...(body === undefined ? [] : [422]),
    ...(querystring === undefined ? [] : [400]),
    500,
  ];
  return statuses.filter((status) => !errors.includes(status < 500 ? '4XX' : '5XX'));
}

function describeAnswer(status: string, declared: unknown, context: RouteContext): JsonSchema {
  const answer = declared instanceof z.ZodType ? asJson(declared) : (declared as Answer);
  return {
    description: answer.description ?? STATUS_CODES[status] ?? 'An error, the provider’s too',
    ...(Object.keys(answer.content).length === 0
      ? { type: 'null' }
      : {
          content: Object.fromEntries(
            Object.entries(answer.content).map(([type, { schema }]) => [
              type,
              { schema: toJsonSchema(schema, 'output', context) },
            ]),
          ),
        }),
  };
}

function describeHeaders(status: string, { security }: FastifySchema): JsonSchema {
  const isLimited = security?.length !== 0 && status !== '401';
  return {
    'x-request-id': REQUEST_ID,
    ...(isLimited && RATE_LIMIT),
    ...(/429|XX/.test(status) && { 'retry-after': RETRY_AFTER }),
  };
}

function asJson(schema: z.ZodType): Answer {
  const content = schema instanceof z.ZodNull ? {} : { 'application/json': { schema } };
  return { content, ...(schema.description !== undefined && { description: schema.description }) };
}

/** Puts the schema into an object, because zod refers by id to everything but the outermost. */
function toJsonSchema(
  schema: z.ZodType,
  io: 'input' | 'output',
  { schemas }: RouteContext,
): unknown {
  const text = JSON.stringify(z.toJSONSchema(z.object({ schema }), { io }));
  const { properties, $defs } = JSON.parse(text.replaceAll('#/$defs/', '#/components/schemas/'));
  Object.assign(schemas, $defs);
  return properties.schema;
}
