import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PactV4 } from '@pact-foundation/pact';
import { afterAll, expect } from 'vitest';
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

test.for(PROVIDERS)(
  'what the service relies on at %s is what it works with, and is committed',
  integration,
  async (provider, { service }) => {
    const name = `byom-service-${provider}`;
    const pact = new PactV4({ consumer: 'byom-service', provider, dir: folder, logLevel: 'error' });
    for (const [promise, answer] of Object.entries(providerAnswers[provider])) {
      const id = `${provider}/${promise}`;
      const scenario = scenarios.find(({ provider: answers }) =>
        answers.some((one) => 'cassette' in one && one.cassette === id),
      );
      const cassette = cassettes.find((one) => one.id === id);
      if (scenario === undefined || cassette === undefined) continue;
      const user = service.newUser({ ownKey: provider });
      await user.call('PATCH', '/user-settings', { always_own_key: true });
      const { method, path, body } = scenario.request;
      await meetExpectation(pact, expectAnswer(provider, cassette, answer), async (url) => {
        proxy.target = url;
        return await user.call(method, path, body);
      });
      const rows = await readUsageRows(service, user);
      expect(rows, id).toMatchObject([{ provider, ...answer.row }]);
    }
    await expect(readPact(folder, name)).toMatchFileSnapshot(join(PACTS, `${name}.json`));
  },
);
