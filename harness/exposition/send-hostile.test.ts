import { expect, test } from 'vitest';
import type { TallyConfig } from '#harness/config/tally-config.ts';
import { createMetricsReader } from '#harness/metrics/metrics-reader.ts';
import { serveHttp, TEXT_FORMAT } from '#harness/metrics/scripted-servers.ts';
import { sendHostile } from './send-hostile.ts';

type LabelsOf = (request: { url: string; count: number }) => Record<string, string>;

/** What is found at a service that counts its requests under these labels. */
async function findingsAt(labelsOf: LabelsOf, hostileRequests?: number): Promise<string[]> {
  const counted = new Map<string, number>();
  let count = 0;
  const url = await serveHttp((request, response) => {
    if (request.url === '/metrics') {
      const lines = [...counted].map(([labels, value]) => `hits_total{${labels}} ${value}\n`);
      response.writeHead(200, TEXT_FORMAT).end(`# TYPE hits_total counter\n${lines.join('')}`);
      return;
    }
    count += 1;
    const labels = Object.entries(labelsOf({ url: request.url ?? '', count }))
      .map(([label, value]) => `${label}="${value}"`)
      .join();
    counted.set(labels, (counted.get(labels) ?? 0) + 1);
    request.resume().on('end', () => response.end('{}'));
  });
  const step = { provider: [], expect: { status: 200 } };
  const config = {
    exposition: { hostileRequests },
    service: { authorization: (key: string) => ({ authorization: key }) },
    scenarios: [
      {
        ...step,
        name: 'chat',
        says: '',
        caller: 'own-key',
        request: { method: 'POST', path: '/chat', body: { model: 'm' } },
        movement: {},
      },
    ],
  } as unknown as TallyConfig;
  const metrics = createMetricsReader({ metricsUrl: `${url}/metrics`, everyMs: 1 });
  const { requests, findings } = await sendHostile({ url, config, seed: 'seed', metrics });
  expect([requests, count]).toEqual([hostileRequests ?? 200, hostileRequests ?? 200]);
  return findings.map(({ check, message }) => `${check}: ${message}`);
}

test('nothing is found where labels are bounded', async () => {
  expect(
    await findingsAt(({ url }) => ({ route: url.startsWith('/chat') ? '/chat' : 'unknown' })),
  ).toEqual([]);
});

test('nothing is sent, and so nothing found, where none are wanted', async () => {
  expect(await findingsAt(({ count }) => ({ request: String(count) }), 0)).toEqual([]);
});

test('series that grow with the requests are found', async () => {
  const [found, ...more] = await findingsAt(({ count }) => ({ request: String(count) }));
  expect(found).toBe(
    'exposition/cardinality: 200 hostile requests made 195 series of hits_total that the first of each kind did not, e.g. hits_total{request="6"}.',
  );
  expect(more).toEqual([]);
});

test('a text of a client in a label is found', async () => {
  const found = await findingsAt(({ url }) => ({ route: url }));
  expect(found).toEqual([
    expect.stringMatching(/^exposition\/cardinality: 200 hostile requests made \d+ series/),
    expect.stringMatching(
      /^exposition\/client-text: The label "route" of hits_total holds what a client made up: hits_total\{route="[^"]*zq/,
    ),
  ]);
});
