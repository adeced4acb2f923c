import type { IncomingHttpHeaders } from 'node:http';

/** The key of "authorization: Bearer <key>"; undefined when there is none. */
export function bearerKey({ authorization }: IncomingHttpHeaders): string | undefined {
  return authorization?.match(/^bearer +(\S+)$/i)?.[1];
}
