import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import {
  type DocumentedResponse,
  documentedResponse,
  fetchDocument,
  type JsonSchema,
  listOperations,
  type OpenApiDocument,
  type Operation,
} from './openapi-document.ts';

export interface CheckedCall {
  readonly method: string;
  /** Without the base URL; its query is left out of account. */
  readonly path: string;
}

export interface CheckedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
}

/** Whatever an answer has that the document does not say; empty when all is said. */
export type CheckAnswer = (call: CheckedCall, answer: CheckedAnswer) => string[];

/** A path that the document does not name has this answer; it may also be malformed. */
const UNKNOWN_PATH: Operation = {
  method: '*',
  path: '*',
  summary: 'No such path',
  parameters: [],
  responses: {
    400: { $ref: '#/components/responses/Error400' },
    404: { $ref: '#/components/responses/Error404' },
  },
};

const checks = new Map<string, Promise<CheckAnswer>>();

/** The check by the document that this service serves; fetched once. */
export function checkOf(serviceUrl: string): Promise<CheckAnswer> {
  const check = checks.get(serviceUrl) ?? fetchDocument(serviceUrl).then(createCheckAnswer);
  checks.set(serviceUrl, check);
  return check;
}

export function createCheckAnswer(document: OpenApiDocument): CheckAnswer {
  const findOperation = createFindOperation(document);
  const validatorOf = createValidatorOf(document);
  return (call, answer) => {
    const response = documentedResponse(document, findOperation(call), answer.status);
    if (response === undefined) return ['this status is not documented'];
    return [
      ...checkHeaders(answer.headers, Object.keys(response.headers)),
      ...checkBody(answer, response.content, validatorOf),
    ];
  };
}

function checkBody(
  { headers, text, body }: CheckedAnswer,
  content: DocumentedResponse['content'],
  validatorOf: (schema: JsonSchema) => ValidateFunction,
): string[] {
  if (content === undefined) return text === '' ? [] : ['a body is not documented'];
  const type = headers.get('content-type')?.split(';')[0]?.trim() ?? '';
  const schema = content[type]?.schema;
  if (schema === undefined) return [`the content type "${type}" is not documented`];
  const validate = validatorOf(schema);
  if (validate(type === 'application/json' ? body : text)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${instancePath || 'the body'} ${message} ${JSON.stringify(params)}`,
  );
}

function checkHeaders(headers: Headers, documented: readonly string[]): string[] {
  const own = [...headers.keys()].filter((name) => /^(x-|retry-after$)/.test(name));
  return [
    ...own.filter((name) => !documented.includes(name)).map((name) => `${name} is not documented`),
    ...(headers.has('x-request-id') ? [] : ['x-request-id is missing']),
  ];
}

function createFindOperation(document: OpenApiDocument): (call: CheckedCall) => Operation {
  const patterns = listOperations(document)
    // A path without parameters goes before one that would match it too.
    .sort((left, right) => left.path.split('{').length - right.path.split('{').length)
    .map((operation) => ({
      operation,
      pattern: new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    }));
  return ({ method, path }) => {
    const [plain = ''] = path.split('?');
    const found = patterns.find(
      ({ operation, pattern }) => operation.method === method && pattern.test(plain),
    );
    return found?.operation ?? UNKNOWN_PATH;
  };
}

/** Schemas are compiled when they are first used: a file of tests meets a few of them only. */
function createValidatorOf({ components }: OpenApiDocument) {
  const ajv = new Ajv2020({ strict: false, validateSchema: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'document', components });
  const compiled = new Map<object, ValidateFunction>();
  return (schema: JsonSchema): ValidateFunction => {
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/');
    const validate = compiled.get(schema) ?? ajv.compile(JSON.parse(text));
    compiled.set(schema, validate);
    return validate;
  };
}
