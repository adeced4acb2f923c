import { createWholeAnswer } from '../../answer.ts';
import type { ProviderWire } from '../wire.ts';
import { generate } from './answers.ts';
import { ERROR_KINDS } from './error-kinds.ts';
import { badKey, scriptedError, wordError } from './errors.ts';
import { FIELDS, RELIES_ON } from './fields.ts';
import { apiHeaders, JSON_TYPE } from './headers.ts';
import { readPayload } from './read-payload.ts';
import { checkRequest, findOperation, readKey, readRequest } from './requests.ts';
import { errorPart } from './stream.ts';

/** Google's generateContent, plain and streaming in both framings, and models. */
export const googleWire: ProviderWire = {
  provider: 'google',
  // The SDKs' base URL has no version: they add it.
  basePath: '',
  fields: FIELDS,
  reliesOn: RELIES_ON,
  errorKinds: ERROR_KINDS,
  readKey,
  findOperation,
  readRequest,
  readPayload,
  checkRequest,
  answerBadKey: badKey,
  answerError: scriptedError,
  errorInside: { kind: 'error', status: 503 },
  errorParts: (error, place) => [errorPart(wordError(error), place)],
  generate,
  answerRefused: (message) => {
    const reason = { reason: 'TALLY_UNMATCHED_REQUEST', domain: 'tally' };
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', ...reason }];
    const error = { code: 501, message, status: 'UNIMPLEMENTED', details };
    const body = `${JSON.stringify({ error }, undefined, 2)}\n`;
    return createWholeAnswer(body, { status: 501, headers: apiHeaders(JSON_TYPE) });
  },
};
