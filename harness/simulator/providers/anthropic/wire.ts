import { createWholeAnswer } from '../../answer.ts';
import type { ProviderWire } from '../wire.ts';
import { generate } from './answers.ts';
import { ERROR_KINDS } from './error-kinds.ts';
import { badKey, scriptedError, wordError } from './errors.ts';
import { FIELDS, RELIES_ON } from './fields.ts';
import { readPayload } from './read-payload.ts';
import { checkRequest, findOperation, readKey, readRequest } from './requests.ts';
import { errorPart } from './stream.ts';

/** Anthropic's messages and models. */
export const anthropicWire: ProviderWire = {
  provider: 'anthropic',
  // The SDK's base URL has no version: its paths do.
  basePath: '',
  fields: FIELDS,
  reliesOn: RELIES_ON,
  errorKinds: ERROR_KINDS,
  readKey,
  findOperation,
  readRequest,
  readPayload,
  checkRequest,
  answerBadKey: (_request, context) => badKey(context),
  answerError: scriptedError,
  errorInside: { kind: 'error', status: 529 },
  errorParts: (error, { request, context }) => [
    errorPart(wordError(error, request.model), context),
  ],
  generate,
  answerRefused: (message) => {
    const body = { type: 'error', error: { type: 'tally_refused', message } };
    // The SDKs retry a 5xx unless this header forbids it: one unmatched request is one finding.
    const headers = ['content-type', 'application/json', 'x-should-retry', 'false'];
    return createWholeAnswer(JSON.stringify(body), { status: 501, headers });
  },
};
