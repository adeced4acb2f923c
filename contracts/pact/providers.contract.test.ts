import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PactV4 } from '@pact-foundation/pact';
import { afterAll, describe, expect } from 'vitest';
import { readUsageRows } from '#contracts/inference/usage-rows.ts';
import { scenarios } from '#contracts/scenarios.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { startEventStreamProxy } from './event-stream-proxy.ts';
import { meetExpectation } from './expectation.ts';
import { PACTS, readPact } from './pact-files.ts';
import { providerAnswers } from './provider-answers.ts';
import { expectAnswer } from './provider-expectation.ts';

const PROVIDERS = ['openai', 'google', 'anthropic'] as const;
const integration = { tags: ['integration'] };
const folder = mkdtempSync(join(tmpdir(), 'tally-pacts-'));
const cassettes = await loadCassettes('fixtures/cassettes');
// The service is told an address once, and each expectation gets a mock on a port of its own.
const proxy = await startEventStreamProxy();

const test = serviceTest({
  environment: () => ({
    OPENAI_BASE_URL: `${proxy.url}/v1`,
    GOOGLE_BASE_URL: proxy.url,
    ANTHROPIC_BASE_URL: proxy.url,
  }),
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

describe.for(PROVIDERS)('what the service relies on at %s', { shuffle: false }, (provider) => {
  const pact = new PactV4({ consumer: 'byom-service', provider, dir: folder, logLevel: 'error' });

  test.for(Object.entries(providerAnswers[provider]))(
    '%s',
    integration,
    async ([promise, answer], { service }) => {
      const id = `${provider}/${promise}`;
      const scenario = scenarios.find(({ provider: answers }) =>
        answers.some((one) => 'cassette' in one && one.cassette === id),
      );
      const cassette = cassettes.find((one) => one.id === id);
      if (scenario === undefined || cassette === undefined) return;
      const user = service.newUser({ ownKey: provider });
      await user.call('PATCH', '/user-settings', { always_own_key: true });
      const { method, path, body } = scenario.request;
      await meetExpectation(pact, expectAnswer(provider, cassette, answer), async (url) => {
        proxy.target = url;
        return await user.call(method, path, body);
      });
      expect(await readUsageRows(service, user)).toMatchObject([{ provider, ...answer.row }]);
    },
  );

  test('is committed', integration, async () => {
    const name = `byom-service-${provider}`;
    await expect(readPact(folder, name)).toMatchFileSnapshot(join(PACTS, `${name}.json`));
  });
});
