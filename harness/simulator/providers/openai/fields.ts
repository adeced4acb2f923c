import type { KnownFields } from '../known-fields.ts';

const TOOL_CALL = ['id', 'index', 'type', 'function', 'custom'];
const MESSAGE = [
  'role',
  'content',
  'refusal',
  'annotations',
  'tool_calls',
  'function_call',
  'audio',
];

/** Of chat completions, their stream and their errors. */
export const FIELDS: KnownFields = {
  '': [
    'id',
    'object',
    'created',
    'model',
    'choices',
    'usage',
    'service_tier',
    'system_fingerprint',
    'obfuscation',
    'moderation',
    'error',
  ],
  'choices[]': ['index', 'message', 'delta', 'logprobs', 'finish_reason'],
  'choices[].message': MESSAGE,
  'choices[].message.tool_calls[]': TOOL_CALL,
  'choices[].message.tool_calls[].function': ['name', 'arguments'],
  'choices[].message.function_call': ['name', 'arguments'],
  'choices[].message.audio': ['id', 'data', 'expires_at', 'transcript'],
  'choices[].message.annotations[]': ['type', 'url_citation'],
  'choices[].delta': MESSAGE,
  'choices[].delta.tool_calls[]': TOOL_CALL,
  'choices[].delta.tool_calls[].function': ['name', 'arguments'],
  'choices[].delta.function_call': ['name', 'arguments'],
  usage: [
    'prompt_tokens',
    'completion_tokens',
    'total_tokens',
    'prompt_tokens_details',
    'completion_tokens_details',
  ],
  'usage.prompt_tokens_details': ['cached_tokens', 'audio_tokens', 'cache_write_tokens'],
  'usage.completion_tokens_details': [
    'reasoning_tokens',
    'audio_tokens',
    'accepted_prediction_tokens',
    'rejected_prediction_tokens',
  ],
  error: ['message', 'type', 'param', 'code'],
};
