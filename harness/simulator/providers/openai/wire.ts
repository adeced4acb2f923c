import { bearerKey } from '../bearer-key.ts';
import type { ProviderWire } from '../wire.ts';
import { errorParts, generate } from './answers.ts';
import { ERROR_KINDS } from './error-kinds.ts';
import { badKey, errorAnswer, scriptedError } from './errors.ts';
import { FIELDS, RELIES_ON } from './fields.ts';
import { readPayload } from './read-payload.ts';
import { checkRequest, findOperation, readRequest } from './requests.ts';

/** OpenAI's chat completions and list of models. */
export const openaiWire: ProviderWire = {
  provider: 'openai',
  basePath: '/v1',
  fields: FIELDS,
  reliesOn: RELIES_ON,
  errorKinds: ERROR_KINDS,
  readKey: bearerKey,
  findOperation,
  readRequest,
  readPayload,
  checkRequest,
  answerBadKey: (_request, context) => badKey(context),
  answerError: scriptedError,
  errorInside: { kind: 'error', status: 500 },
  errorParts,
  generate,
  answerRefused: (message) => {
    const error = { message, type: 'tally_refused', param: null, code: 'tally_unmatched_request' };
    // The SDKs retry a 5xx unless this header forbids it: one unmatched request is one finding.
    const headers = ['content-type', 'application/json', 'x-should-retry', 'false'];
    return errorAnswer(501, error, { headers });
  },
};
