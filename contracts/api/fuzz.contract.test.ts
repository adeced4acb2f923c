import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import {
  type RecordingProvider,
  startRecordingProvider,
} from '#contracts/testing/recording-provider.ts';
import type { RunningService } from '#contracts/testing/running-service.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { arbitraryRequest, type RawRequest } from './arbitrary-request.ts';
import { CANARY } from './arbitrary-value.ts';
import { type CheckedAnswer, checkOf } from './check-answer.ts';
import { describeOperation } from './fill-request.ts';
import { listOperations, readPublishedDocument } from './openapi-document.ts';
import { agreeableAnswer, bodies, resources } from './recipes.ts';

const TIMEOUT_MS = 15_000;
/** Bodies from which bad ones are made; several, because a key is stored only once. */
const ACCEPTED = 30;

const operations = listOperations(readPublishedDocument());

let provider: RecordingProvider;

const test = serviceTest({
  environment: () => ({
    OPENAI_BASE_URL: provider.url,
    // Everything that could hold a key is logged, and nothing is refused for its number.
    LOG_LEVEL: 'trace',
    RATE_LIMIT_PER_MINUTE: '0',
  }),
});

beforeAll(async () => {
  provider = await startRecordingProvider();
  provider.answer = agreeableAnswer;
});
afterAll(() => provider[Symbol.asyncDispose]());

async function send(url: string, { path, body, ...request }: RawRequest): Promise<CheckedAnswer> {
  const response = await fetch(url + path, {
    ...request,
    ...(body !== undefined && { body: Buffer.from(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? JSON.parse(text) : undefined,
  };
}

/** Every key that the service holds or is shown. */
function keysOf(
  service: RunningService,
  user: { providerKey: string | undefined; headers: object },
) {
  const [masterKey = ''] = (service.environment(0)['MASTER_KEYS'] ?? '').split(/[:,]/).slice(1);
  const serviceKeys = Object.values(user.headers).map((value) => String(value).split(' ')[1] ?? '');
  return [...serviceKeys, user.providerKey ?? '', service.systemKey, masterKey, CANARY];
}

interface Attack {
  readonly service: RunningService;
  readonly operation: (typeof operations)[number];
  readonly numRuns: number;
}

async function attack({ service, operation, numRuns }: Attack): Promise<void> {
  const user = service.newUser({ ownKey: 'openai' });
  const ids: string[] = [];
  for (const make of new Set(Object.values(resources))) ids.push(await make(service, user));
  const keys = keysOf(service, user);
  expect(keys.map((key) => key.length)).not.toContain(0);
  const { url, log } = service.service;
  const findUndocumented = await checkOf(url);
  const makeBody = bodies[describeOperation(operation)] ?? (() => undefined);
  const requests = arbitraryRequest(operation, {
    authorization: user.headers,
    ids,
    accepted: Array.from({ length: ACCEPTED }, () => makeBody(service)),
  });
  const holdsKey = (text: string): boolean => keys.some((key) => text.includes(key));
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      const answer = await send(url, request);
      const head = JSON.stringify([...answer.headers]);
      expect(answer.status).not.toBe(500);
      expect(findUndocumented(request, answer)).toEqual([]);
      expect(holdsKey(answer.text + head)).toBe(false);
    }),
    { numRuns },
  );
  expect(log.lines.filter(holdsKey)).toEqual([]);
  expect(
    await send(url, { method: 'GET', path: '/health', headers: {}, body: undefined }),
  ).toMatchObject({ status: 200 });
}

describe('whatever is sent', () => {
  test.for(operations)(
    'to $method $path is answered as documented, without a key',
    { tags: ['integration'] },
    (operation, { service }) => attack({ service, operation, numRuns: 50 }),
  );

  test.for(operations)(
    'a thousand times to $method $path is answered as documented, without a key',
    { tags: ['integration', 'slow'] },
    (operation, { service }) => attack({ service, operation, numRuns: 1_000 }),
  );
});
