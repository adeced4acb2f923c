import type { KnownFields } from '../known-fields.ts';
import { FIELDS as OPENAI } from '../openai/fields.ts';

function extend(place: string, ...fields: readonly string[]): KnownFields {
  return { [place]: [...(OPENAI[place] ?? []), ...fields] };
}

/** OpenAI's, and what the content filters and the gateway add. */
export const FIELDS: KnownFields = {
  ...OPENAI,
  ...extend('', 'prompt_filter_results', 'latency_checkpoint'),
  ...extend('choices[]', 'content_filter_results', 'content_filter_offsets'),
  ...extend('data[]', 'content_filter_results', 'prompt_filter_results'),
  ...extend('usage', 'latency_checkpoint'),
  ...extend('error', 'details', 'innererror', 'status'),
  'prompt_filter_results[]': ['prompt_index', 'content_filter_results'],
};
