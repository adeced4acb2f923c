import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { type CaseProvider, PROMISES, type ProviderPromise } from './case.ts';
import { NOT_SUPPORTED, providerCases } from './cases.ts';
import { type CaseOutcome, playCase, promisedOutcome } from './play-case.ts';

const test = serviceTest();
const integration = { tags: ['integration'] };
const PROVIDERS: readonly CaseProvider[] = ['openai', 'google', 'anthropic'];
const promises = Object.entries(PROMISES) as [ProviderPromise, string][];

describe.for(promises)('%s: %s', ([promise]) => {
  test.for(PROVIDERS)('%s', integration, async (provider, { service, skip }) => {
    const reason = NOT_SUPPORTED[`${provider}/${promise}`];
    if (reason !== undefined) skip(`NOT_SUPPORTED: ${reason}`);
    const found = providerCases.find((one) => one.provider === provider && one.promise === promise);
    if (found === undefined) throw new Error(`There is no case ${provider}/${promise}.`);
    let outcome: CaseOutcome | undefined;
    const movement = await service.metrics.during(async () => {
      outcome = await playCase(service, found);
    });
    expect(outcome).toEqual(outcome && promisedOutcome(found, outcome));
    expect(movement).toEqualMovement(found.scenario.movement);
  });
});
