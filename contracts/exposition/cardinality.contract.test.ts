import { METHODS } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect } from 'vitest';
import { arbitraryRequest, type RawRequest } from '#contracts/api/arbitrary-request.ts';
import { CANARY } from '#contracts/api/arbitrary-value.ts';
import { describeOperation } from '#contracts/api/fill-request.ts';
import { listOperations, readPublishedDocument } from '#contracts/api/openapi-document.ts';
import { agreeableAnswer, bodies, resources } from '#contracts/api/recipes.ts';
import { readSummary } from '#contracts/summary/read-summary.ts';
import {
  type RecordingProvider,
  startRecordingProvider,
} from '#contracts/testing/recording-provider.ts';
import type { RunningService } from '#contracts/testing/running-service.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';

const FEW = 20;
const MANY = 200;
const SEED = 20_261_122;
const TIMEOUT_MS = 15_000;

let provider: RecordingProvider;

const test = serviceTest({
  environment: () => ({ OPENAI_BASE_URL: provider.url, RATE_LIMIT_PER_MINUTE: '0' }),
});

beforeAll(async () => {
  provider = await startRecordingProvider();
  provider.answer = agreeableAnswer;
});
afterAll(() => provider[Symbol.asyncDispose]());

const odd = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).map(encodeURIComponent);

/** To every operation of the document, and to paths, with methods and agents, that nobody knows. */
async function hostileRequests(service: RunningService): Promise<RawRequest[]> {
  const known = await Promise.all(
    listOperations(readPublishedDocument()).map(async (operation) => {
      const user = service.newUser({ ownKey: 'openai' });
      const makers = [...new Set(Object.values(resources))];
      const makeBody = bodies[describeOperation(operation)] ?? (() => undefined);
      return arbitraryRequest(operation, {
        authorization: user.headers,
        ids: await Promise.all(makers.map((make) => make(service, user))),
        accepted: [makeBody(service)],
      });
    }),
  );
  const paths = fc.record({
    method: fc.constantFrom(...METHODS.filter((method) => !['CONNECT', 'TRACE'].includes(method))),
    path: fc.array(odd, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`),
    headers: fc.constant({ 'x-api-key': CANARY }),
    body: fc.constant(undefined),
  });
  const requests = fc.tuple(fc.oneof(...known, paths), odd).map(([request, agent]) => ({
    ...request,
    headers: { ...request.headers, 'user-agent': agent },
  }));
  return fc.sample(requests, { numRuns: MANY, seed: SEED });
}

async function send(url: string, requests: readonly RawRequest[]): Promise<void> {
  for (const { path, body, ...request } of requests) {
    const response = await fetch(url + path, {
      ...request,
      ...(body !== undefined && { body: Buffer.from(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.arrayBuffer();
  }
}

/** Every series by name and labels, the runtime's aside. */
async function seriesOf({ metrics }: RunningService): Promise<Set<string>> {
  const { families } = await metrics.untilQuiet();
  const own = [...families.values()].filter(({ name }) => !/^(process|nodejs)_/.test(name));
  return new Set(own.flatMap(({ samples }) => samples.map(({ key }) => key)));
}

test('two hundred hostile requests leave the series that there were at the start', {
  tags: ['integration'],
}, async ({ service }) => {
  const requests = await hostileRequests(service);
  await readSummary(service);
  const before = await seriesOf(service);
  await send(service.service.url, requests.slice(0, FEW));
  const afterFew = await seriesOf(service);
  await send(service.service.url, requests.slice(FEW));
  const afterMany = await seriesOf(service);
  expect([...afterMany].filter((series) => !afterFew.has(series))).toEqual([]);
  expect([...afterMany].filter((series) => !before.has(series))).toEqual([]);
});
