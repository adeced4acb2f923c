import type { KnownFields } from '../known-fields.ts';
import { FIELDS as OPENAI } from '../openai/fields.ts';

/** OpenAI's, and what the content filters and the gateway add. */
export const FIELDS: KnownFields = {
  ...OPENAI,
  '': `${OPENAI['']} prompt_filter_results latency_checkpoint`,
  'prompt_filter_results[]': 'prompt_index content_filter_results',
  'choices[]': `${OPENAI['choices[]']} content_filter_results content_filter_offsets`,
  'data[]': `${OPENAI['data[]']} content_filter_results prompt_filter_results`,
  usage: `${OPENAI['usage']} latency_checkpoint`,
  error: `${OPENAI['error']} details innererror status`,
};
