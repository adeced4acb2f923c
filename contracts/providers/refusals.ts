import type { ProviderCase } from './case.ts';
import { answeredAtSecond, broken, refused } from './create-case.ts';
import { FLASH_LITE, HAIKU, NANO } from './models.ts';

function ask(content: string, more: object = {}) {
  return { messages: [{ role: 'user', content }], ...more };
}

const LET_ME_IN = ask('Let me in.');

const invalidKeys: readonly ProviderCase[] = [
  refused(
    { ...NANO, promise: 'invalid-key', body: LET_ME_IN },
    {
      kind: 'invalid_key',
      status: 401,
      error: 'invalid_api_key',
      message:
        'Incorrect API key provided: REDACTED. You can find your API key at https://platform.openai.com/account/api-keys.',
    },
  ),
  // It is 400 there; the service says what others say.
  refused(
    { ...FLASH_LITE, promise: 'invalid-key', body: LET_ME_IN },
    {
      kind: 'invalid_key',
      status: 401,
      error: 'invalid_api_key',
      message: 'API key not valid. Please pass a valid API key.',
    },
  ),
  refused(
    { ...HAIKU, promise: 'invalid-key', body: LET_ME_IN },
    {
      kind: 'invalid_key',
      status: 401,
      error: 'authentication_error',
      message: 'invalid x-api-key',
    },
  ),
];

const WHO = 'Who are you?';

const unknownModels: readonly ProviderCase[] = [
  refused(
    {
      provider: 'openai',
      promise: 'unknown-model',
      model: 'other',
      body: ask(WHO, { model: 'openai/gpt-none' }),
    },
    {
      kind: 'not_found',
      status: 404,
      error: 'model_not_found',
      message: 'The model `gpt-none` does not exist or you do not have access to it.',
    },
  ),
  refused(
    {
      provider: 'google',
      promise: 'unknown-model',
      model: 'other',
      body: ask(WHO, { model: 'google/gemini-none' }),
    },
    {
      kind: 'not_found',
      status: 404,
      error: 'invalid_request_error',
      message:
        'models/gemini-none is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.',
    },
  ),
  refused(
    {
      provider: 'anthropic',
      promise: 'unknown-model',
      model: 'other',
      body: ask(WHO, { model: 'anthropic/claude-none' }),
    },
    { kind: 'not_found', status: 404, error: 'not_found_error', message: 'model: claude-none' },
  ),
];

const badRequests: readonly ProviderCase[] = [
  refused(
    { ...NANO, promise: 'bad-request', body: ask('Hello', { max_completion_tokens: 0 }) },
    {
      kind: 'bad_request',
      status: 400,
      error: 'integer_below_min_value',
      message:
        "Invalid 'max_completion_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead.",
    },
  ),
  refused(
    { ...FLASH_LITE, promise: 'bad-request', body: ask('Hello', { temperature: 3 }) },
    {
      kind: 'bad_request',
      status: 400,
      error: 'invalid_request_error',
      message:
        '* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0].\n',
    },
  ),
  refused(
    { ...HAIKU, promise: 'bad-request', body: ask('Hello', { temperature: 2 }) },
    {
      kind: 'bad_request',
      status: 400,
      error: 'invalid_request_error',
      message: 'temperature: range: 0..1',
    },
  ),
];

const HURRY = ask('Hurry.');
const TOO_LATE = { status: 429, headers: { 'retry-after': '20' } } as const;
const NO_LIMIT = 'It would take as many requests as the account may send in a minute.';

const rateLimits: readonly ProviderCase[] = [
  refused(
    { ...NANO, promise: 'rate-limited', body: HURRY },
    {
      ...TOO_LATE,
      kind: 'rate_limited',
      error: 'rate_limit_exceeded',
      message:
        'Rate limit reached for gpt-5.4-nano in organization REDACTED on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 20s. Visit https://platform.openai.com/account/rate-limits to learn more.',
      cannotBeRecorded: NO_LIMIT,
    },
  ),
  refused(
    { ...FLASH_LITE, promise: 'rate-limited', body: HURRY },
    {
      ...TOO_LATE,
      kind: 'rate_limited',
      error: 'rate_limit_exceeded',
      message: 'You exceeded your current quota, please check your plan and billing details.',
      cannotBeRecorded: NO_LIMIT,
    },
  ),
  refused(
    { ...HAIKU, promise: 'rate-limited', body: HURRY },
    {
      ...TOO_LATE,
      kind: 'rate_limited',
      error: 'rate_limit_error',
      message:
        "This request would exceed your organization's rate limit of 50 requests per minute. For details, refer to: https://docs.claude.com/en/api/rate-limits.",
      cannotBeRecorded: NO_LIMIT,
    },
  ),
];

const TOO_MANY = ask('Is anybody there?');
const NOT_ON_DEMAND = 'Nobody can make a provider fail.';

const overloads: readonly ProviderCase[] = [
  // Answered before the API, in plain text, and without a word about trying again.
  refused(
    { ...NANO, promise: 'overloaded', body: TOO_MANY },
    {
      kind: 'overloaded',
      status: 503,
      error: 'provider_error',
      message:
        '503 upstream connect error or disconnect/reset before headers. reset reason: overflow',
      cannotBeRecorded: NOT_ON_DEMAND,
    },
  ),
  refused(
    { ...FLASH_LITE, promise: 'overloaded', body: TOO_MANY },
    {
      kind: 'overloaded',
      status: 503,
      error: 'server_error',
      message:
        'This model is currently experiencing high demand. Spikes in demand are usually temporary. Please try again later.',
      cannotBeRecorded: NOT_ON_DEMAND,
    },
  ),
  answeredAtSecond(
    { ...HAIKU, promise: 'overloaded', body: TOO_MANY },
    {
      status: 529,
      told: { text: 'Yes, I am here.', finish: 'end_turn' },
      tokens: { input: 12, output: 8 },
      // 12 × 1,000,000 + 8 × 5,000,000
      costPicoUsd: 52_000_000,
      cannotBeRecorded: NOT_ON_DEMAND,
    },
  ),
];

const STORY = ask('Tell me a story.', { stream: true });
const BEGUN = { text: 'Once upon a time — ' };

const errorsInside: readonly ProviderCase[] = [
  broken(
    { ...NANO, promise: 'error-inside-stream', body: STORY },
    {
      told: {
        ...BEGUN,
        message: 'The server had an error while processing your request. Sorry about that!',
      },
      contentEvents: 3,
      kind: 'server_error',
      error: 'server_error',
      cannotBeRecorded: NOT_ON_DEMAND,
    },
  ),
  broken(
    { ...FLASH_LITE, promise: 'error-inside-stream', body: STORY },
    {
      told: { ...BEGUN, message: 'The model is overloaded. Please try again later.' },
      contentEvents: 2,
      kind: 'overloaded',
      error: 'server_error',
      cannotBeRecorded: NOT_ON_DEMAND,
    },
  ),
  broken(
    { ...HAIKU, promise: 'error-inside-stream', body: STORY },
    {
      told: { ...BEGUN, message: 'Overloaded' },
      contentEvents: 3,
      kind: 'overloaded',
      error: 'overloaded_error',
      cannotBeRecorded: NOT_ON_DEMAND,
    },
  ),
];

/** What providers refuse, and what they break off. */
export const refusalCases: readonly ProviderCase[] = [
  ...invalidKeys,
  ...unknownModels,
  ...badRequests,
  ...rateLimits,
  ...overloads,
  ...errorsInside,
];
