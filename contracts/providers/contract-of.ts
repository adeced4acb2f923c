import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { added } from '#contracts/movements.ts';
import type { RunningService } from '#contracts/testing/running-service.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import type { ProviderScript } from '#harness/index.ts';
import { SPLITS } from '#harness/simulator/split.ts';
import { splitEvents } from '#harness/simulator/sse.ts';
import { PROMISES, type ProviderCase, type ProviderPromise } from './case.ts';
import { NOT_SUPPORTED, providerCases } from './cases.ts';
import { promisedCut } from './cut-rule.ts';
import { inOtherShape } from './other-shape.ts';
import { type CaseOutcome, playCase, promisedOutcome } from './play-case.ts';

const test = serviceTest();
const integration = { tags: ['integration'] };
const CASSETTES = await loadCassettes(
  fileURLToPath(new URL('../../fixtures/cassettes', import.meta.url)),
);
const PROVIDERS = ['openai', 'google', 'anthropic'] as const;

/** The suite of one promise, over all providers. */
export function contractOf(promise: ProviderPromise): void {
  const cases = providerCases.filter((one) => one.promise === promise);
  describe(`${promise}: ${PROMISES[promise]}`, () => {
    test('is kept by each provider', integration, ({ service }) => expectKept(service, cases));
    for (const provider of PROVIDERS) {
      const reason = NOT_SUPPORTED[`${provider}/${promise}`];
      if (reason !== undefined)
        test(`is NOT_SUPPORTED by ${provider}: ${reason}`, ({ skip }) => skip(reason));
    }
    // Pictures have one shape, and an answer at the second attempt is two scripts.
    const texts = cases.filter(({ rows }) => promise !== 'image' && rows.length === 1);
    if (texts.length > 0)
      test('is kept in the shape of the other endpoint too', integration, ({ service }) =>
        expectKept(service, texts.map(inOtherShape), ({ provider }) => [
          { answer: { kind: 'cassette', id: `${provider}/${promise}` } },
        ]),
      );
    describe.for(cases.filter(isStream))('the stream of $provider', streamContract);
  });
}

async function expectKept(
  service: RunningService,
  cases: readonly ProviderCase[],
  scriptsOf: (one: ProviderCase) => readonly ProviderScript[] | undefined = () => undefined,
): Promise<void> {
  const movement = await service.metrics.during(async () => {
    for (const one of cases)
      expectPromised(one, await playCase(service, one, scriptsOf(one)), one.provider);
  });
  expect(movement).toEqualMovement(added(...cases.map(({ scenario }) => scenario.movement)));
}

function expectPromised(found: ProviderCase, outcome: CaseOutcome, message?: string): void {
  expect(outcome, message).toEqual(promisedOutcome(found, outcome));
}

function isStream({ scenario }: ProviderCase): boolean {
  return scenario.request.body?.['stream'] === true;
}

/** The network cuts a stream where it likes; nothing of what comes of it may depend on that. */
function streamContract(found: ProviderCase): void {
  const id = `${found.provider}/${found.promise}`;
  test('is told, billed and counted alike in any chunks', integration, async ({ service }) => {
    const movement = await service.metrics.during(async () => {
      const events = new Set<string>();
      for (const split of SPLITS) {
        const outcome = await playCase(service, found, [
          { answer: { kind: 'cassette', id, split } },
        ]);
        expectPromised(found, outcome, split);
        events.add(withoutTime(outcome.call.events));
      }
      expect([...events]).toHaveLength(1);
    });
    const { movement: once } = found.scenario;
    expect(movement).toEqualMovement(added(...SPLITS.map(() => once)));
  });

  test(
    'is estimated by one rule after whichever event it breaks off',
    integration,
    async ({ service }) => {
      const promised: ReturnType<typeof promisedCut>['movement'][] = [];
      const movement = await service.metrics.during(async () => {
        for (let events = 1; events < countEvents(id); events += 1) {
          for (const split of ['per-event', 'one-chunk'] as const) {
            const answer = { kind: 'cassette', id, split, cutAfterEvents: events } as const;
            const { call, rows, told } = await playCase(service, found, [{ answer }]);
            const sent = service.simulator.ledger.calls.at(-1);
            if (sent === undefined) throw new Error('The provider was not called.');
            const { row, movement: caused } = promisedCut(found, sent);
            expect(rows, `${split}, ${events} events`).toEqual([row]);
            expect(call.contentEvents).toBe(sent.contentEvents);
            expect(call.sawEnd).toBe(false);
            expect(told.error).toBeDefined();
            promised.push(caused);
          }
        }
      });
      expect(movement).toEqualMovement(added(...promised));
    },
  );
}

function countEvents(id: string): number {
  const response = CASSETTES.find((one) => one.id === id)?.interactions[0]?.response;
  return splitEvents(response?.bytes ?? Buffer.alloc(0)).length;
}

/** Chunks that the service makes itself say when. */
function withoutTime(events: readonly unknown[]): string {
  return JSON.stringify(events, (key, value: unknown) => (key === 'created' ? undefined : value));
}
