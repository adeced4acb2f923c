import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { connectService } from './connect-service.ts';

const OPTIONS = { name: 'theirs', readyPath: '/health', readyTimeoutMs: 300 };

test('connects to a service that runs, and leaves it running', async () => {
  const server = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const service = await connectService({ ...OPTIONS, url: `${url}/` });
  await service.stop();
  expect((await fetch(service.url)).status).toBe(200);
  await expect(service.restart()).rejects.toMatchObject({ code: 'H_SERVICE_NOT_OURS' });
  await expect(service.kill()).rejects.toThrow('cannot be killed: Tally did not start it');
  server.closeAllConnections();
  server.close();
});

test('says so when nothing answers there', async () => {
  await expect(connectService({ ...OPTIONS, url: 'http://127.0.0.1:9' })).rejects.toMatchObject({
    code: 'H_SERVICE_NOT_READY',
  });
});
