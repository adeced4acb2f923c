import { Matchers } from '@pact-foundation/pact';
import { EVENTS_TYPE } from './event-stream-proxy.ts';
import type { Expectation } from './expectation.ts';

const { arrayContaining, atLeastOneLike, integer, regex, string } = Matchers;

/** What the service relies on in a provider's answer to one case, and what it makes of it. */
export interface ProviderAnswer {
  readonly state: string;
  readonly response: Expectation['response'];
  /** The row that the service writes: from there users are billed. */
  readonly row: Readonly<Record<string, string | null>>;
}

type Answers = Readonly<Record<string, ProviderAnswer>>;

const ACCEPTED = 'a key that is accepted';
const LIMITED = 'the limit of requests is reached';
const WORDS = 'Hello, reader, and welcome!';

const success = (body: unknown, row: ProviderAnswer['row']): ProviderAnswer => ({
  state: ACCEPTED,
  response: { status: 200, body },
  row: { outcome: 'success', source: 'provider', ...row },
});

/** Pacts hold a stream as JSON; a proxy makes the one of the other. */
const stream = (events: readonly unknown[], row: ProviderAnswer['row']): ProviderAnswer => ({
  state: ACCEPTED,
  response: {
    status: 200,
    headers: { 'Content-Type': EVENTS_TYPE },
    body: { events: arrayContaining(...events) },
  },
  row: { outcome: 'success', source: 'provider', is_stream: 't', ...row },
});

const refusal = (state: string, response: Expectation['response']): ProviderAnswer => ({
  state,
  response,
  row: { outcome: 'error', provider_status: String(response.status), source: 'none' },
});

const OPENAI_USAGE = {
  prompt_tokens: integer(14),
  prompt_tokens_details: { cached_tokens: integer(4) },
  completion_tokens: integer(7),
  completion_tokens_details: { reasoning_tokens: integer(2) },
};
const OPENAI_ROW = { model_served: 'gpt-5.4-nano', input: '10', cached_input: '4', output: '5' };
const openaiChunk = (choice: object) => ({
  data: {
    id: string('chatcmpl-1'),
    object: 'chat.completion.chunk',
    model: string('gpt-5.4-nano'),
    choices: [{ index: 0, ...choice }],
  },
});

const openai: Answers = {
  chat: success(
    {
      id: string('chatcmpl-1'),
      object: 'chat.completion',
      model: string('gpt-5.4-nano'),
      choices: atLeastOneLike({
        index: integer(0),
        message: { role: 'assistant', content: string(WORDS) },
        finish_reason: 'stop',
      }),
      usage: OPENAI_USAGE,
    },
    OPENAI_ROW,
  ),
  'chat-stream': stream(
    [
      openaiChunk({ delta: { role: 'assistant' } }),
      openaiChunk({ delta: { content: regex('.+', WORDS) } }),
      openaiChunk({ delta: {}, finish_reason: 'stop' }),
      { data: { choices: [], usage: OPENAI_USAGE } },
      { data: '[DONE]' },
    ],
    OPENAI_ROW,
  ),
  'rate-limited': refusal(LIMITED, {
    status: 429,
    body: { error: { message: string('Slow down.'), code: 'rate_limit_exceeded' } },
  }),
};

const GOOGLE_USAGE = { promptTokenCount: integer(9), candidatesTokenCount: integer(7) };
const GOOGLE_ROW = { model_served: 'gemini-3.5-flash-lite', input: '9', output: '7' };
const googleAnswer = (part: object, candidate: object = {}) => ({
  candidates: [{ content: { role: 'model', parts: [part] }, ...candidate }],
  modelVersion: string('gemini-3.5-flash-lite'),
  responseId: string('1'),
  usageMetadata: GOOGLE_USAGE,
});

const google: Answers = {
  chat: success(googleAnswer({ text: string(WORDS) }, { finishReason: 'STOP' }), GOOGLE_ROW),
  'chat-stream': stream(
    [
      { data: googleAnswer({ text: regex('.+', WORDS) }) },
      { data: googleAnswer({ text: string('') }, { finishReason: 'STOP' }) },
    ],
    GOOGLE_ROW,
  ),
  'rate-limited': refusal(LIMITED, {
    status: 429,
    body: {
      error: {
        message: string('Quota exceeded.'),
        details: arrayContaining({ retryDelay: regex('^\\d+(\\.\\d+)?s$', '20s') }),
      },
    },
  }),
};

const ANTHROPIC_USAGE = {
  input_tokens: integer(15),
  cache_read_input_tokens: integer(3),
  cache_creation_input_tokens: integer(2),
};
const ANTHROPIC_ROW = {
  model_served: 'claude-haiku-4-5-20251001',
  input: '15',
  cached_input: '3',
  cache_write: '2',
  output: '10',
};
const anthropicEvent = (event: string, more: object) => ({ event, data: { type: event, ...more } });

const anthropic: Answers = {
  chat: success(
    {
      id: string('msg_1'),
      type: 'message',
      role: 'assistant',
      model: string('claude-haiku-4-5-20251001'),
      content: atLeastOneLike({ type: 'text', text: string(WORDS) }),
      stop_reason: 'end_turn',
      usage: { ...ANTHROPIC_USAGE, output_tokens: integer(10) },
    },
    ANTHROPIC_ROW,
  ),
  'chat-stream': stream(
    [
      anthropicEvent('message_start', {
        message: {
          model: string('claude-haiku-4-5-20251001'),
          usage: { ...ANTHROPIC_USAGE, output_tokens: integer(1) },
        },
      }),
      anthropicEvent('content_block_start', { index: 0, content_block: { type: 'text' } }),
      anthropicEvent('content_block_delta', {
        index: 0,
        delta: { type: 'text_delta', text: regex('.+', WORDS) },
      }),
      anthropicEvent('content_block_stop', { index: 0 }),
      anthropicEvent('message_delta', {
        delta: { stop_reason: 'end_turn' },
        usage: { output_tokens: integer(10) },
      }),
      anthropicEvent('message_stop', {}),
    ],
    ANTHROPIC_ROW,
  ),
  'rate-limited': refusal(LIMITED, {
    status: 429,
    headers: { 'retry-after': regex('^\\d+$', '20') },
    body: { type: 'error', error: { type: 'rate_limit_error', message: string('Slow down.') } },
  }),
};

/** By provider and promise, as cassettes are. */
export const providerAnswers = { openai, google, anthropic };
