/**
 * Headers of a recorded answer that belong to its connection, or say how long a body is that may be
 * written anew: neither kept nor replayed.
 */
export const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'keep-alive',
  'transfer-encoding',
]);
