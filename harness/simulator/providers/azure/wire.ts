import { ERROR_KINDS } from '../openai/error-kinds.ts';
import { openaiWire } from '../openai/wire.ts';
import type { ProviderWire } from '../wire.ts';
import { generate } from './answers.ts';
import { badKey, scriptedError } from './errors.ts';
import { FIELDS } from './fields.ts';
import { checkRequest, findOperation, readKey, readRequest } from './requests.ts';

/** Azure OpenAI: OpenAI's protocol under other paths and keys, with filters and errors of its own. */
export const azureWire: ProviderWire = {
  ...openaiWire,
  provider: 'azure',
  // The base URL is the resource's: the SDK adds "/openai".
  basePath: '',
  fields: FIELDS,
  errorKinds: {
    ...ERROR_KINDS,
    byCode: {
      ...ERROR_KINDS.byCode,
      DeploymentNotFound: 'not_found',
      RateLimitReached: 'rate_limited',
      content_filter: 'bad_request',
    },
  },
  readKey,
  findOperation,
  readRequest,
  checkRequest,
  answerBadKey: (_request, context) => badKey(context),
  answerError: scriptedError,
  generate,
};
