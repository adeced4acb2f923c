import type { RequestListener } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import { createPromqlClient } from './promql-client.ts';
import { serveHttp } from './scripted-servers.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

function answering(status: number, body: unknown, headers = JSON_TYPE): RequestListener {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (_request, response) => response.writeHead(status, headers).end(text);
}

function vector(...rows: [labels: Record<string, string>, value: string][]) {
  const result = rows.map(([metric, value]) => ({ metric, value: [1_700_000_000.123, value] }));
  return { status: 'success', data: { resultType: 'vector', result } };
}

async function clientOf(listener: RequestListener, timeoutMs = 2_000) {
  return createPromqlClient({ url: await serveHttp(listener), timeoutMs });
}

describe('createPromqlClient', () => {
  test('gives rows with the value as it was printed', async () => {
    const answer = vector([{ a: '1' }, '9007199254740991'], [{ a: '2' }, '+Inf'], [{}, 'NaN']);
    const promql = await clientOf(answering(200, answer));
    expect(await promql.instant('x')).toEqual([
      { labels: { a: '1' }, value: 9_007_199_254_740_991, text: '9007199254740991' },
      { labels: { a: '2' }, value: Number.POSITIVE_INFINITY, text: '+Inf' },
      { labels: {}, value: Number.NaN, text: 'NaN' },
    ]);
  });

  test.for([
    ['absent', vector(), { kind: 'absent' }],
    ['0', vector([{}, '0']), { kind: 'number', value: 0, text: '0' }],
    ['NaN', vector([{}, 'NaN']), { kind: 'nan' }],
    [
      'a scalar',
      { status: 'success', data: { resultType: 'scalar', result: [1, '-Inf'] } },
      { kind: 'number', value: Number.NEGATIVE_INFINITY, text: '-Inf' },
    ],
  ] as const)('tells %s from other values', async ([, answer, value]) => {
    const promql = await clientOf(answering(200, answer));
    expect(await promql.value('x')).toEqual(value);
  });

  test('gives stored samples with their exact time', async () => {
    const values = [[1_700_000_000.123, '1']];
    const data = { resultType: 'matrix', result: [{ metric: { __name__: 'up' }, values }] };
    const promql = await clientOf(answering(200, { status: 'success', data }));
    expect(await promql.stored('up[5s]')).toEqual([
      { labels: { __name__: 'up' }, samples: [{ atSeconds: 1_700_000_000.123, value: 1 }] },
    ]);
  });

  test('evaluates at the given instant, or leaves the time to Prometheus', async () => {
    const asked: (string | undefined)[] = [];
    const promql = await clientOf((request, response) => {
      asked.push(request.url);
      answering(200, vector())(request, response);
    });
    await promql.instant('up{a="b"}', { atSeconds: 1_700_000_000.123 });
    await promql.instant('up');
    expect(asked).toEqual([
      '/api/v1/query?query=up%7Ba%3D%22b%22%7D&time=1700000000.123',
      '/api/v1/query?query=up',
    ]);
  });

  test('sends its headers, and ignores a proxy of the environment for loopback', async () => {
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1');
    vi.stubEnv('http_proxy', 'http://127.0.0.1:1');
    const url = await serveHttp(({ headers }, response) => {
      const body = vector([{ tenant: String(headers['x-scope-orgid']) }, '1']);
      response.writeHead(200, JSON_TYPE).end(JSON.stringify(body));
    });
    const promql = createPromqlClient({ url, headers: { 'X-Scope-OrgID': 'tenant-1' } });
    expect((await promql.instant('up'))[0]?.labels).toEqual({ tenant: 'tenant-1' });
  });

  test('gives the targets', async () => {
    const activeTargets = [{ labels: { job: 'j' }, health: 'down', lastError: 'refused', more: 1 }];
    const promql = await clientOf(answering(200, { status: 'success', data: { activeTargets } }));
    expect(await promql.targets()).toEqual([
      { labels: { job: 'j' }, health: 'down', lastError: 'refused' },
    ]);
  });

  test('gives the families that are declared, whatever they hold', async () => {
    const data = { up: [], x_total: [{ type: 'counter', help: 'X.', unit: '' }] };
    const promql = await clientOf(answering(200, { status: 'success', data }));
    expect(await promql.families()).toEqual(new Set(['up', 'x_total']));
  });
});

describe('createPromqlClient: an answer that proves nothing', () => {
  const refusal = { status: 'error', errorType: 'bad_data', error: '1:5: unclosed parenthesis' };
  const warned = { ...vector([{}, '1']), warnings: ['store 2 is away'] };
  const histogram = { metric: {}, histogram: [1, { count: '1' }] };
  const native = { status: 'success', data: { resultType: 'vector', result: [histogram] } };
  test.for([
    ['a refusal', 400, refusal, 'QUERY_REFUSED', 'HTTP 400, bad_data: 1:5: unclosed parenthesis'],
    ['a 5xx of its API', 503, refusal, 'PROMETHEUS_AWAY', 'HTTP 503, 1:5: unclosed'],
    ['a page of a gateway', 502, '<html>', 'PROMETHEUS_AWAY', 'HTTP 502, which is no answer'],
    ['another server', 404, 'not found', 'PROMETHEUS_AWAY', 'HTTP 404, which is no answer'],
    ['a page with 200', 200, '<html>', 'QUERY_ANSWER', 'gave no Prometheus answer'],
    ['cut JSON', 200, '{"status":"success","data":{', 'QUERY_ANSWER', 'no Prometheus answer'],
    ['a warning', 200, warned, 'QUERY_ANSWER', 'Prometheus warns: store 2 is away'],
    ['a native histogram', 200, native, 'QUERY_ANSWER', 'gave no Prometheus answer'],
  ] as const)('is %s', async ([, status, body, code, message]) => {
    const promql = await clientOf(answering(status, body));
    const error = promql.instant('sum(x');
    await expect(error).rejects.toMatchObject({ code: `H_METRICS_${code}` });
    await expect(error).rejects.toThrow(message);
    await expect(error).rejects.toThrow('query: sum(x');
  });

  test('is several series where one was asked for', async () => {
    const promql = await clientOf(answering(200, vector([{ a: '1' }, '1'], [{ a: '2' }, '1'])));
    await expect(promql.value('x')).rejects.toThrow('2 series instead of one');
  });

  test('is of another type', async () => {
    const promql = await clientOf(answering(200, vector()));
    await expect(promql.stored('up')).rejects.toThrow('a vector instead of a range of samples');
  });

  test('is no answer in time, or a broken one', async () => {
    const slow = await clientOf(() => {}, 40);
    await expect(slow.instant('x')).rejects.toThrow(/nothing within 40 ms.*PROMETHEUS_AWAY/s);
    const broken = await clientOf((_request, response) => response.destroy());
    await expect(broken.instant('x')).rejects.toThrow(/socket hang up.*PROMETHEUS_AWAY/s);
    const half = await clientOf((_request, response) => {
      response.writeHead(200, { ...JSON_TYPE, 'content-length': '99' }).write('{"status"');
      setImmediate(() => response.destroy());
    });
    await expect(half.instant('x')).rejects.toMatchObject({ code: 'H_METRICS_PROMETHEUS_AWAY' });
  });

  test('never shows headers or credentials', async () => {
    const url = 'http://user:secret@127.0.0.1:1';
    const promql = createPromqlClient({ url, headers: { authorization: 'Bearer secret' } });
    const error: unknown = await promql.instant('x').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'H_METRICS_PROMETHEUS_AWAY' });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('secret');
  });

  test('ends with the reason of its signal', async () => {
    const promql = await clientOf(() => {});
    const reason = new Error('Ctrl-C');
    const asked = promql.instant('x', { signal: AbortSignal.abort(reason) });
    await expect(asked).rejects.toBe(reason);
  });
});
