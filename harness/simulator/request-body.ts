import type { IncomingMessage } from 'node:http';

/** Thrown when a request is larger than the simulator reads. */
export class BodyTooLarge extends Error {}

const BODY_BYTES_MAX = 32 * 1024 * 1024;

/**
 * The whole body of a request. Resolves with undefined when the caller left before it was sent.
 * @throws BodyTooLarge above 32 MiB
 */
export function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | undefined>();
  const pieces: Buffer[] = [];
  let size = 0;
  request.on('data', (piece: Buffer) => {
    size += piece.length;
    if (size > BODY_BYTES_MAX) {
      reject(new BodyTooLarge(`The body is larger than ${BODY_BYTES_MAX} bytes.`));
    } else {
      pieces.push(piece);
    }
  });
  request.on('end', () => resolve(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)));
  // 'error' comes with 'close' when the caller leaves early; both mean that there is no body.
  request.on('error', () => resolve(undefined));
  request.on('close', () => resolve(undefined));
  return promise;
}
