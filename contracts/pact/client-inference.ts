import { Matchers } from '@pact-foundation/pact';
import { errorOf, post } from './client-requests.ts';
import { EVENTS_TYPE } from './event-stream.ts';
import type { Expectation } from './expectation.ts';

const { arrayContaining, atLeastOneLike, integer, regex, string } = Matchers;

export const MESSAGES = [{ role: 'user', content: 'Name three witnesses' }] as const;

const CHAT_USAGE = {
  prompt_tokens: integer(9),
  completion_tokens: integer(7),
  total_tokens: integer(16),
};
const chunk = (more: object) => ({
  data: {
    id: string('chatcmpl-1'),
    object: 'chat.completion.chunk',
    model: string('gpt-5.4-nano'),
    ...more,
  },
});
const delta = (delta: object, more: object = {}) =>
  chunk({ choices: [{ index: 0, delta, ...more }] });
const event = (name: string, more: object = {}) => ({
  event: name,
  data: { type: name, ...more },
});

/** What applications that use the official clients of OpenAI and Anthropic rely on. */
export const inferenceExpectations = {
  chat: {
    description: 'a chat with a model of OpenAI',
    state: 'a user with a key of OpenAI',
    request: post('/chat/completions', { model: 'gpt-5.4-nano', messages: MESSAGES }),
    response: {
      status: 200,
      headers: { 'x-byom-credential': 'user', 'x-byom-provider': 'openai' },
      body: {
        id: regex('^chatcmpl-.+$', 'chatcmpl-1'),
        object: 'chat.completion',
        created: integer(1_795_305_600),
        model: string('gpt-5.4-nano'),
        choices: atLeastOneLike({
          index: integer(0),
          message: { role: 'assistant', content: string('A log.') },
          finish_reason: 'stop',
        }),
        usage: CHAT_USAGE,
      },
    },
  },
  chatStream: {
    description: 'a streamed chat with a model of Google, with usage',
    state: 'a user with a key of Google',
    request: post('/chat/completions', {
      model: 'gemini-2.5-flash-lite',
      messages: MESSAGES,
      stream: true,
      stream_options: { include_usage: true },
    }),
    response: {
      status: 200,
      headers: { 'Content-Type': EVENTS_TYPE, 'x-byom-provider': 'google' },
      body: {
        events: arrayContaining(
          delta({ role: 'assistant' }),
          delta({ content: regex('.+', 'A log.') }),
          delta({}, { finish_reason: 'stop' }),
          chunk({ choices: [], usage: CHAT_USAGE }),
          { data: '[DONE]' },
        ),
      },
    },
  },
  message: {
    description: 'a message to a model of Anthropic',
    state: 'a user with a key of Anthropic',
    request: post('/v1/messages', {
      model: 'claude-haiku-4-5',
      max_tokens: 64,
      messages: MESSAGES,
    }),
    response: {
      status: 200,
      headers: { 'x-byom-credential': 'user', 'x-byom-provider': 'anthropic' },
      body: {
        id: regex('^msg_.+$', 'msg_1'),
        type: 'message',
        role: 'assistant',
        model: string('claude-haiku-4-5'),
        content: atLeastOneLike({ type: 'text', text: string('A log.') }),
        stop_reason: 'end_turn',
        usage: { input_tokens: integer(9), output_tokens: integer(7) },
      },
    },
  },
  messageStream: {
    description: 'a streamed message to a model of Anthropic',
    state: 'a user with a key of Anthropic',
    request: post('/v1/messages', {
      model: 'claude-haiku-4-5',
      max_tokens: 64,
      messages: MESSAGES,
      stream: true,
    }),
    response: {
      status: 200,
      headers: { 'Content-Type': EVENTS_TYPE },
      body: {
        events: arrayContaining(
          event('message_start', {
            message: {
              id: regex('^msg_.+$', 'msg_1'),
              type: 'message',
              role: 'assistant',
              model: string('claude-haiku-4-5'),
              content: [],
              usage: { input_tokens: integer(9), output_tokens: integer(1) },
            },
          }),
          event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
          event('content_block_delta', {
            index: 0,
            delta: { type: 'text_delta', text: regex('.+', 'A log.') },
          }),
          event('content_block_stop', { index: 0 }),
          event('message_delta', {
            delta: { stop_reason: 'end_turn' },
            usage: { output_tokens: integer(7) },
          }),
          event('message_stop'),
        ),
      },
    },
  },
  images: {
    description: 'an image by a model of OpenAI',
    state: 'a user with a key of OpenAI',
    request: post('/images/generations', { model: 'gpt-image-1-mini', prompt: 'A cat', n: 1 }),
    response: {
      status: 200,
      body: {
        created: integer(1_795_305_600),
        data: atLeastOneLike({ b64_json: regex('^[A-Za-z0-9+/]+=*$', 'UE5H') }),
        usage: { input_tokens: integer(9), output_tokens: integer(7) },
      },
    },
  },
  withoutMessages: {
    description: 'a chat without messages',
    state: 'a user with a key of OpenAI',
    request: post('/chat/completions', { model: 'gpt-5.4-nano' }),
    response: {
      status: 400,
      body: { error: { ...errorOf('invalid_body').error, param: 'messages' } },
    },
  },
  chatOfNobody: {
    description: 'a chat of somebody unknown',
    state: 'nobody',
    request: post('/chat/completions', { model: 'gpt-5.4-nano', messages: MESSAGES }),
    response: { status: 401, body: errorOf('invalid_api_key') },
  },
  messageOfNobody: {
    description: 'a message of somebody unknown',
    state: 'nobody',
    request: post('/v1/messages', {
      model: 'claude-haiku-4-5',
      max_tokens: 64,
      messages: MESSAGES,
    }),
    response: {
      status: 401,
      body: {
        type: 'error',
        error: { type: 'authentication_error', message: string('Why.') },
        request_id: string('req_1'),
      },
    },
  },
  chatAtLimit: {
    description: 'a chat when the provider has had enough',
    state: 'a user whose provider is at its limit',
    request: post('/chat/completions', { model: 'gpt-5.4-nano', messages: MESSAGES }),
    response: {
      status: 429,
      headers: { 'retry-after': regex('^\\d+$', '20') },
      body: errorOf('rate_limit_exceeded'),
    },
  },
  chatWhileDown: {
    description: 'a chat when the provider is down',
    state: 'a user whose provider is down',
    request: post('/chat/completions', { model: 'gpt-5.4-nano', messages: MESSAGES }),
    response: { status: 502, body: errorOf('provider_unreachable') },
  },
} satisfies Readonly<Record<string, Expectation>>;
