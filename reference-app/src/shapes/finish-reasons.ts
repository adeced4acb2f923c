/** Why a model stopped, in Anthropic's words and in OpenAI's. */
const FINISH_REASONS: ReadonlyMap<unknown, string> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['pause_turn', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool_calls'],
  ['refusal', 'content_filter'],
]);

const STOP_REASONS: ReadonlyMap<unknown, string> = new Map([
  ['stop', 'end_turn'],
  ['length', 'max_tokens'],
  ['tool_calls', 'tool_use'],
  ['function_call', 'tool_use'],
  ['content_filter', 'refusal'],
]);

export function toFinishReason(stopReason: unknown): string {
  return FINISH_REASONS.get(stopReason) ?? 'stop';
}

export function toStopReason(finishReason: unknown): string {
  return STOP_REASONS.get(finishReason) ?? 'end_turn';
}
