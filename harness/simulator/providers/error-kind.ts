/** What an error means to a caller, at any provider. */
export const ERROR_KINDS = [
  'bad_request',
  'invalid_key',
  'no_permission',
  'not_found',
  /** One request that is too large, whatever status says so: to repeat it is useless. */
  'too_large',
  'rate_limited',
  'quota_exhausted',
  'overloaded',
  'server_error',
] as const;

export type ErrorKind = (typeof ERROR_KINDS)[number];

/** How one provider says what kind of error it is, from the surest sign to the weakest. */
export interface ErrorKinds {
  /** Beginnings or parts of messages, where the code says less than the words. */
  readonly byMessage: readonly (readonly [RegExp, ErrorKind])[];
  readonly byCode: Readonly<Record<string, ErrorKind>>;
}

const BY_STATUS: Readonly<Record<number, ErrorKind>> = {
  401: 'invalid_key',
  402: 'quota_exhausted',
  403: 'no_permission',
  404: 'not_found',
  408: 'server_error',
  413: 'too_large',
  429: 'rate_limited',
  503: 'overloaded',
  529: 'overloaded',
};

export function kindOfError(
  { byMessage, byCode }: ErrorKinds,
  said: { status: number; codes: readonly string[]; message: string },
): ErrorKind {
  const worded = byMessage.find(([pattern]) => pattern.test(said.message))?.[1];
  const code = said.codes.find((one) => Object.hasOwn(byCode, one));
  const byStatus = BY_STATUS[said.status];
  const fallback = said.status >= 400 && said.status < 500 ? 'bad_request' : 'server_error';
  return worded ?? byCode[code ?? ''] ?? byStatus ?? fallback;
}

/** What a table of wordings has for a status with a special meaning ("429 too_large"), or without. */
export function findWording<Wording>(
  wordings: Readonly<Record<string, Wording>>,
  { status, meaning }: { status: number; meaning?: ErrorKind },
): Wording | undefined {
  return wordings[`${status} ${meaning}`] ?? wordings[status];
}
