/** Anthropic's name for each status that has one of its own. */
const TYPES_BY_STATUS: ReadonlyMap<number, string> = new Map([
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [500, 'api_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
]);
const TYPES: readonly string[] = [...TYPES_BY_STATUS.values()];

export function typeOfStatus(status: number): string {
  const other = status < 500 ? 'invalid_request_error' : 'api_error';
  return TYPES_BY_STATUS.get(status) ?? other;
}

/** The type of an error without a status: Anthropic's own ones stay, others are not known here. */
export function typeOfError(type: string): string {
  return TYPES.includes(type) ? type : 'api_error';
}

/** The envelope, as an answer and as an event have it. */
export function toErrorBody(type: string, message: string) {
  return { type: 'error', error: { type, message } };
}
