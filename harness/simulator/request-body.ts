import type { IncomingMessage } from 'node:http';

/** The body of a request as it came: complete, not at all (the caller left), or too much of it. */
export type RequestBody =
  | { readonly kind: 'complete'; readonly bytes: Buffer }
  | { readonly kind: 'gone' }
  | { readonly kind: 'too large' };

/** More than any provider takes. */
export const BODY_BYTES_MAX = 32 * 1024 * 1024;

export function readBody(request: IncomingMessage): Promise<RequestBody> {
  const { promise, resolve } = Promise.withResolvers<RequestBody>();
  const pieces: Buffer[] = [];
  let size = 0;
  request.on('data', (piece: Buffer) => {
    size += piece.length;
    if (size > BODY_BYTES_MAX) {
      resolve({ kind: 'too large' });
    } else {
      pieces.push(piece);
    }
  });
  request.on('end', () => resolve({ kind: 'complete', bytes: join(pieces) }));
  // 'error' comes with 'close' when the caller leaves early; both mean that there is no body.
  request.on('error', () => resolve({ kind: 'gone' }));
  request.on('close', () => resolve({ kind: 'gone' }));
  return promise;
}

/** Almost every body comes in one piece, which needs no copy. */
function join(pieces: readonly Buffer[]): Buffer {
  const [first] = pieces;
  return first !== undefined && pieces.length === 1 ? first : Buffer.concat(pieces);
}
