import type { KnownFields } from '../known-fields.ts';

const MESSAGE = 'role content refusal annotations tool_calls function_call audio';
const TOOL_CALL = 'id index type function custom';
const FUNCTION = 'name arguments';

/** Of chat completions and their stream, pictures, embeddings and errors. */
export const FIELDS: KnownFields = {
  '':
    'id object created model choices usage service_tier system_fingerprint obfuscation moderation ' +
    'error data background output_format quality size',
  'data[]': 'object index embedding url b64_json revised_prompt',
  'choices[]': 'index message delta logprobs finish_reason',
  'choices[].message': MESSAGE,
  'choices[].message.tool_calls[]': TOOL_CALL,
  'choices[].message.tool_calls[].function': FUNCTION,
  'choices[].message.function_call': FUNCTION,
  'choices[].message.audio': 'id data expires_at transcript',
  'choices[].message.annotations[]': 'type url_citation',
  'choices[].delta': MESSAGE,
  'choices[].delta.tool_calls[]': TOOL_CALL,
  'choices[].delta.tool_calls[].function': FUNCTION,
  'choices[].delta.function_call': FUNCTION,
  usage:
    'prompt_tokens completion_tokens total_tokens prompt_tokens_details completion_tokens_details ' +
    'input_tokens input_tokens_details output_tokens output_tokens_details',
  'usage.prompt_tokens_details': 'cached_tokens audio_tokens cache_write_tokens',
  'usage.completion_tokens_details':
    'reasoning_tokens audio_tokens accepted_prediction_tokens rejected_prediction_tokens',
  error: 'message type param code',
};

/** What clients are told and billed by. */
export const RELIES_ON: readonly string[] = [
  'model',
  'choices[].message.content',
  'choices[].message.tool_calls[].id',
  'choices[].message.tool_calls[].function.name',
  'choices[].message.tool_calls[].function.arguments',
  'choices[].delta.content',
  'choices[].delta.tool_calls[].index',
  'choices[].delta.tool_calls[].id',
  'choices[].delta.tool_calls[].function.name',
  'choices[].delta.tool_calls[].function.arguments',
  'choices[].finish_reason',
  'usage.prompt_tokens',
  'usage.prompt_tokens_details.cached_tokens',
  'usage.completion_tokens',
  'usage.completion_tokens_details.reasoning_tokens',
  'usage.input_tokens',
  'usage.output_tokens',
  'data[].b64_json',
  'error.message',
  'error.type',
  'error.code',
];
