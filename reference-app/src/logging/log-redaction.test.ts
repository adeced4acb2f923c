import { Writable } from 'node:stream';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { logRedaction } from './log-redaction.ts';

const KEY = 'sk-tally-0123456789';

/** The lines that a server with this redaction writes while `log` is called. */
function logged(write: (log: ReturnType<typeof fastify>['log']) => void): string {
  let text = '';
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += chunk;
      done();
    },
  });
  write(fastify({ logger: { level: 'trace', redact: logRedaction, stream } }).log);
  return text;
}

test.for([
  'authorization',
  'cookie',
  'set-cookie',
  'api_key',
  'apiKey',
  'api-key',
  'x-api-key',
  'x-goog-api-key',
  'proxy-authorization',
])('the log never shows %s', (name) => {
  const secret = { [name]: KEY };
  const text = logged((log) => {
    log.info(secret, 'bare');
    log.warn({ headers: secret }, 'in headers');
    log.trace({ request: { headers: secret } }, 'in the headers of a request');
    log.child(secret).error('in a child');
  });
  expect(text.match(/\[redacted\]/g)).toHaveLength(4);
  expect(text).not.toContain(KEY);
});

test('the log shows the rest', () => {
  expect(logged((log) => log.info({ provider: 'openai' }, 'said'))).toContain(
    '"provider":"openai"',
  );
});
