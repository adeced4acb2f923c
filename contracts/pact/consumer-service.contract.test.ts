import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PactV4 } from '@pact-foundation/pact';
import { afterAll, expect } from 'vitest';
import type { ProviderPromise } from '#contracts/providers/case.ts';
import { providerCases } from '#contracts/providers/cases.ts';
import { playCase, promisedOutcome } from '#contracts/providers/play-case.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { startEventStreamProxy } from './event-stream-proxy.ts';
import { meetExpectation } from './expectation.ts';
import { PACTS, readPact, toCommitted } from './pact-files.ts';
import { expectAnswer } from './provider-expectation.ts';

const PROVIDERS = ['openai', 'google', 'anthropic'] as const;
const integration = { tags: ['integration'] };
// Pact makes it when it writes: a run that leaves these tests out leaves nothing behind.
const folder = join(tmpdir(), `tally-pacts-${randomUUID()}`);
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
  rmSync(folder, { recursive: true, force: true });
});

/** What no pact can say, and why. */
const NOT_IN_PACT: Partial<Record<ProviderPromise, string>> = {
  overloaded: 'The same request is refused first and answered then; a mock has one answer to it.',
};

test.for(PROVIDERS)(
  'the service needs no more of %s than its pact says',
  integration,
  async (provider, { service }) => {
    const name = `byom-service-${provider}`;
    const pact = new PactV4({ consumer: 'byom-service', provider, dir: folder, logLevel: 'error' });
    for (const found of providerCases) {
      if (found.provider !== provider || found.promise in NOT_IN_PACT) continue;
      const cassette = cassettes.find(({ id }) => id === `${provider}/${found.promise}`);
      if (cassette === undefined) throw new TypeError(`${provider}/${found.promise} is not there.`);
      const expectation = expectAnswer({ ...cassette, provider }, found.promise);
      const outcome = await meetExpectation(pact, expectation, async (url) => {
        proxy.target = url;
        return await playCase(service, found);
      });
      expect(outcome, cassette.id).toEqual(outcome && promisedOutcome(found, outcome));
    }
    await expect(toCommitted(readPact(folder, name))).toMatchFileSnapshot(
      join(PACTS, `${name}.json`),
    );
  },
);
