import type { KnownFields } from '../known-fields.ts';

/** The last four are of tools that the provider runs itself. */
const BLOCK =
  'type text citations thinking signature data id name input caller ' +
  'tool_use_id server_name content is_error';
const USAGE =
  'input_tokens output_tokens cache_creation_input_tokens cache_read_input_tokens cache_creation ' +
  'output_tokens_details server_tool_use service_tier inference_geo iterations';
const CACHE_CREATION = 'ephemeral_5m_input_tokens ephemeral_1h_input_tokens';
const STOP = 'stop_reason stop_sequence stop_details container';
const MESSAGE = `id type role model content usage ${STOP}`;

/** Of messages, the events of their stream and their errors. */
export const FIELDS: KnownFields = {
  '': `${MESSAGE} message index content_block delta error request_id context_management`,
  message: MESSAGE,
  'content[]': BLOCK,
  content_block: BLOCK,
  delta: `type text thinking signature partial_json citation ${STOP}`,
  usage: USAGE,
  'usage.cache_creation': CACHE_CREATION,
  'usage.output_tokens_details': 'thinking_tokens',
  'usage.server_tool_use': 'web_search_requests web_fetch_requests',
  'usage.iterations[]': `${USAGE} type model`,
  'message.usage': USAGE,
  'message.usage.cache_creation': CACHE_CREATION,
  error: 'type message details',
};

/** What clients are told and billed by. */
export const RELIES_ON: readonly string[] = [
  'type',
  'model',
  'message.model',
  'content[].type',
  'content[].text',
  'content[].id',
  'content[].name',
  'content[].input',
  'content_block.type',
  'content_block.id',
  'content_block.name',
  'delta.type',
  'delta.text',
  'delta.thinking',
  'delta.partial_json',
  'delta.stop_reason',
  'stop_reason',
  'message.usage.input_tokens',
  'message.usage.cache_read_input_tokens',
  'message.usage.cache_creation_input_tokens',
  'message.usage.output_tokens',
  'usage.input_tokens',
  'usage.cache_read_input_tokens',
  'usage.cache_creation_input_tokens',
  'usage.output_tokens',
  'usage.output_tokens_details.thinking_tokens',
  'error.type',
  'error.message',
];
