import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { toEnvelope } from './api-error.ts';

const STATUSES: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/**
 * Answers what is no HTTP request, in the service's envelope. It logs nothing: the error holds the
 * bytes that came, and with them perhaps a key.
 */
export function answerClientError({ code }: { readonly code?: string }, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUSES[code ?? ''] ?? 400;
  const reason = STATUS_CODES[status];
  const body = JSON.stringify(toEnvelope({ message: `${reason}.`, type: 'invalid_request_error' }));
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
