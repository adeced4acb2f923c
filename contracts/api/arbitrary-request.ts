import fc from 'fast-check';
import { CANARY, hostileValue, nearly, validValue } from './arbitrary-value.ts';
import { bodySchema } from './fill-request.ts';
import type { Operation } from './openapi-document.ts';

/** A request as it goes over the wire, so that a failure prints all that is needed to repeat it. */
export interface RawRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

interface RequestOptions {
  /** Headers by which a known user is let in. */
  readonly authorization: Readonly<Record<string, string>>;
  /** Ids of things that the user owns. */
  readonly ids: readonly string[];
  /** Bodies that the operation accepts as they are. */
  readonly accepted: readonly unknown[];
}

const CONTENT_TYPES = [
  'application/json; charset=latin1',
  'application/json, text/plain',
  'application/jsonx',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'x',
];

const DEEP = '['.repeat(50_000) + ']'.repeat(50_000);

/** What may become of a body on its way. */
const MISHAPS = [
  (body: string) => body.slice(0, body.length / 2),
  (body: string) => `${body}}`,
  (body: string) => `${body}\0`,
  (body: string) => `\ufeff${body}`,
  (body: string) => body.replace(/^\{/, '{"__proto__": {"is_default": true},'),
  // Deeper than a parser or a serialiser can follow.
  (body: string) => body.replace(/^\{(?!\})/, `{"deep": ${DEEP},`),
];

/** Where a key may be put by mistake; none of it may come back. */
const MISPLACED_KEYS = { 'x-api-key': CANARY, 'api-key': CANARY, cookie: `key=${CANARY}` };

/** Requests of every kind to one operation: good, nearly good, and hostile. */
export function arbitraryRequest(
  operation: Operation,
  options: RequestOptions,
): fc.Arbitrary<RawRequest> {
  return fc
    .record({
      path: arbitraryPath(operation, options),
      query: arbitraryQuery(operation),
      parameters: arbitraryHeaders(operation, options),
      authorization: arbitraryAuthorization(options),
      payload: arbitraryPayload(operation, options),
    })
    .map(({ path, query, parameters, authorization, payload }) => ({
      method: operation.method,
      path: query === '' ? path : `${path}?${query}`,
      headers: { ...MISPLACED_KEYS, ...authorization, ...parameters, ...payload.headers },
      body: payload.body,
    }));
}

function arbitraryPath({ path }: Operation, { ids }: RequestOptions): fc.Arbitrary<string> {
  const id = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(crypto.randomUUID(), ...ids) },
    { weight: 1, arbitrary: fc.uuid() },
    {
      weight: 1,
      arbitrary: fc.string({ unit: 'binary-ascii', minLength: 1 }).map(encodeURIComponent),
    },
    { weight: 1, arbitrary: fc.constantFrom('%zz', '%00', '..%2f', 'x'.repeat(200), CANARY) },
  );
  const [start = '', ...rest] = path.split(/\{\w+\}/);
  return fc
    .tuple(...rest.map(() => id))
    .map((found) => rest.reduce((text, part, index) => text + found[index] + part, start));
}

function arbitraryQuery({ parameters }: Operation): fc.Arbitrary<string> {
  const named = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, schema }) =>
      fc
        .oneof(validValue(schema), fc.string({ unit: 'grapheme' }))
        .map((value) => `${name}=${encodeURIComponent(String(value))}`),
    );
  return fc.oneof(
    fc.constant(''),
    fc.constantFrom(`key=${CANARY}`, '__proto__=1', '&&=%'),
    ...named,
  );
}

function arbitraryHeaders(
  { parameters }: Operation,
  { ids }: RequestOptions,
): fc.Arbitrary<Readonly<Record<string, string>>> {
  const named = parameters
    .filter((parameter) => parameter.in === 'header')
    .map(({ name }) =>
      fc
        .oneof(fc.constantFrom(...ids), fc.uuid(), fc.string({ unit: 'grapheme-ascii' }))
        .map((value) => ({ [name]: value })),
    );
  return fc.oneof(fc.constant({}), ...named);
}

function arbitraryAuthorization({
  authorization,
}: RequestOptions): fc.Arbitrary<Readonly<Record<string, string>>> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(authorization) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Record<string, string>>(
        {},
        { authorization: `Bearer ${CANARY}` },
        { authorization: 'Basic Og==' },
        { authorization: `Bearer ${'x'.repeat(5_000)}` },
      ),
    },
  );
}

interface Payload {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

function arbitraryPayload(
  operation: Operation,
  { accepted }: RequestOptions,
): fc.Arbitrary<Payload> {
  const nothing = fc.constant<Payload>({ headers: {}, body: undefined });
  if (operation.method === 'GET') return nothing;
  const schema = bodySchema(operation);
  const value =
    schema === undefined
      ? hostileValue
      : fc.oneof(
          { weight: 2, arbitrary: validValue(schema) },
          { weight: 2, arbitrary: nearly(validValue(schema)) },
          { weight: 4, arbitrary: nearly(fc.constantFrom(...accepted)) },
          { weight: 1, arbitrary: hostileValue },
        );
  const text = value.map((one) => JSON.stringify(one) ?? '');
  const asJson = text.map((body) => ({ headers: { 'content-type': 'application/json' }, body }));
  const malformed = fc
    .tuple(text, fc.constantFrom<(body: string) => string>(...MISHAPS))
    .map(([body, harm]) => ({
      headers: { 'content-type': 'application/json' },
      body: harm(body),
    }));
  const mistyped = fc
    .tuple(text, fc.constantFrom(...CONTENT_TYPES))
    .map(([body, type]) => ({ headers: { 'content-type': type }, body }));
  return fc.oneof(
    { weight: 8, arbitrary: asJson },
    { weight: 1, arbitrary: malformed },
    { weight: 1, arbitrary: mistyped },
    { weight: 1, arbitrary: nothing },
  );
}
