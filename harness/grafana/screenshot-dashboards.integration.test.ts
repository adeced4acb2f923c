import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { processEnvironment } from '#harness/config/env.ts';
import { serveHttp } from '#harness/metrics/scripted-servers.ts';
import { screenshotDashboards } from './screenshot-dashboards.ts';

const tags = ['integration'];
const HEADERS = { authorization: 'Bearer glsa_of-the-test' };
const SIGNATURE = '89504e470d0a1a0a';

async function take(url: string, env: Record<string, string> = processEnvironment()) {
  const folder = await mkdtemp(join(tmpdir(), 'pictures-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return await screenshotDashboards({
    server: { url, headers: HEADERS },
    uids: ['one', 'two'],
    fromMs: 1_000,
    toMs: 2_000,
    folder: join(folder, 'grafana'),
    env,
    signal: AbortSignal.timeout(60_000),
  });
}

describe('pictures of dashboards', { tags }, () => {
  test('are taken of each, and the token goes to Grafana alone', async ({ skip }) => {
    const elsewhere: unknown[] = [];
    const other = await serveHttp((request, response) => {
      elsewhere.push(request.headers.authorization);
      response.writeHead(200, { 'content-type': 'image/svg+xml' }).end('<svg/>');
    });
    const asked: string[] = [];
    const grafana = await serveHttp((request, response) => {
      asked.push(`${request.url} ${request.headers.authorization}`);
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(`<h1>Not Grafana: a page of the test</h1><img src="${other}/picture.svg">`);
    });
    const taken = await take(grafana);
    if ('problem' in taken && taken.problem.endsWith('on PATH')) skip(taken.problem);
    expect(taken).toHaveProperty('files.length', 2);
    for (const file of 'files' in taken ? taken.files : []) {
      expect((await readFile(file)).subarray(0, 8).toString('hex')).toBe(SIGNATURE);
    }
    expect(asked).toContain(`/d/one?from=1000&to=2000&kiosk ${HEADERS.authorization}`);
    expect(elsewhere).toEqual([undefined, undefined]);
  });

  test('are no reason to fail: it is said why there are none', async ({ skip }) => {
    expect(await take('http://127.0.0.1:9', { PATH: '/nowhere' })).toEqual({
      problem: 'none of chromium, chromium-browser, google-chrome on PATH',
    });
    const refusing = await serveHttp((_, response) => response.writeHead(403).end('no'));
    const refused = await take(refusing);
    if ('problem' in refused && refused.problem.endsWith('on PATH')) skip(refused.problem);
    expect(refused).toEqual({ problem: 'HTTP 403 at /d/one' });
  });
});
