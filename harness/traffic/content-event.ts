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
  return (
    hasText(delta['content']) ||
    hasText(delta['reasoning_content']) ||
    hasArguments(delta['tool_calls'])
  );
}

/** Whether the data of a stream event is its grammar's own end. */
export function isEndEvent(data: string, event: unknown): boolean {
  return data === '[DONE]' || (isRecord(event) && event['type'] === 'message_stop');
}

/** The name of a tool alone is no content. */
function hasArguments(calls: unknown): boolean {
  if (!Array.isArray(calls)) return false;
  return calls.some((call: unknown) => {
    const called = isRecord(call) ? call['function'] : undefined;
    return isRecord(called) && hasText(called['arguments']);
  });
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
