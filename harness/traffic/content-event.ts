/**
 * Whether a parsed stream event carries something the user reads: text, reasoning or tool
 * arguments, in OpenAI's shape or in Anthropic's. A role-only first delta, a finish reason, a
 * usage chunk and a ping do not.
 */
export function isContentEvent(event: unknown): boolean {
  if (!isRecord(event)) return false;
  const anthropic = event['delta'];
  if (isRecord(anthropic)) {
    return [anthropic['text'], anthropic['thinking'], anthropic['partial_json']].some(hasText);
  }
  const delta = firstDelta(event);
  if (delta === undefined) return false;
  return hasText(delta['content']) || hasText(delta['reasoning_content']) || 'tool_calls' in delta;
}

/** Whether the data of a stream event is its grammar's own end. */
export function isEndEvent(data: string, event: unknown): boolean {
  return data === '[DONE]' || (isRecord(event) && event['type'] === 'message_stop');
}

function firstDelta(event: Record<string, unknown>): Record<string, unknown> | undefined {
  const { choices } = event;
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const delta = isRecord(first) ? first['delta'] : undefined;
  return isRecord(delta) ? delta : undefined;
}

function hasText(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
