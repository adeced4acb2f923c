import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect } from 'vitest';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { CANARY } from './arbitrary-value.ts';

const test = serviceTest({ environment: () => ({ LOG_LEVEL: 'trace' }) });

/** Sends bytes as they are; gives what comes back until the service closes the connection. */
async function sendBytes(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({
    host: hostname,
    port: Number(port),
    signal: AbortSignal.timeout(15_000),
  });
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.write(bytes);
  await once(socket, 'close');
  return text;
}

describe('what is no HTTP request', () => {
  test.for([
    [400, 'no request line', `${CANARY}\r\n\r\n`],
    [400, 'a header without a name', `GET / HTTP/1.1\r\n: ${CANARY}\r\n\r\n`],
    [400, 'two lengths', 'POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n'],
    [431, 'a large head', `GET / HTTP/1.1\r\nx-api-key: ${CANARY.repeat(1_000)}\r\n\r\n`],
  ] as const)(
    'is answered with %d in the envelope: %s',
    { tags: ['integration'] },
    async ([status, , bytes], { service }) => {
      const [head = '', body = ''] = (await sendBytes(service.service.url, bytes)).split(
        '\r\n\r\n',
      );
      expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(JSON.parse(body)).toEqual({
        error: {
          message: expect.any(String),
          type: 'invalid_request_error',
          param: null,
          code: null,
        },
      });
      expect(service.service.log.lines.filter((line) => line.includes(CANARY))).toEqual([]);
    },
  );
});
