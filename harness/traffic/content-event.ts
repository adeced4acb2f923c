/**
 * Whether a parsed stream event carries something the user reads: text, reasoning or tool
 * arguments. A role-only first delta, a finish reason, a usage chunk and a ping do not.
 */
export function isContentEvent(event: unknown): boolean {
  const delta = firstDelta(event);
  if (delta === undefined) return false;
  return hasText(delta['content']) || hasText(delta['reasoning_content']) || 'tool_calls' in delta;
}

function firstDelta(event: unknown): Record<string, unknown> | undefined {
  const choices = isRecord(event) ? event['choices'] : undefined;
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
