import { readUsageRows } from '#contracts/inference/usage-rows.ts';
import { SEED } from '#contracts/testing/contract-database.ts';
import type { RunningService } from '#contracts/testing/running-service.ts';
import type { Scenario, ServiceCall } from '#harness/index.ts';
import { comparisonsOf } from '#harness/traffic/check-answer.ts';
import { playScenario } from '#harness/traffic/play-scenario.ts';
import type { ProviderCase, Told, UsageRow } from './case.ts';
import { readTold } from './read-told.ts';

/** What came of a case: to be compared with what the case says of itself. */
export interface CaseOutcome {
  readonly call: ServiceCall;
  readonly told: Told;
  /** Of the answer: status, content events, end, error and headers, each as expected or not. */
  readonly answer: readonly { what: string; expected: unknown; found: unknown }[];
  /** The rows that were added. */
  readonly rows: readonly UsageRow[];
}

/** Sends the request of a case to the service; `provider` answers instead of the cassette. */
export async function playCase(
  service: RunningService,
  { scenario }: ProviderCase,
  provider: Scenario['provider'] = scenario.provider,
): Promise<CaseOutcome> {
  const { config, simulator } = service;
  const before = await readUsageRows(service, scenario);
  const { played } = await playScenario(
    { ...scenario, provider },
    {
      url: service.service.url,
      seed: SEED,
      simulator,
      authorization: config.service.authorization,
      calls: [],
    },
  );
  const [one] = played;
  if (one === undefined) throw new Error(`${scenario.name} sent nothing.`);
  return {
    call: one.call,
    told: readTold(one.call),
    answer: comparisonsOf(one.promise, one.call),
    rows: (await readUsageRows(service, scenario)).slice(before.length),
  };
}

/** What the case promises in the place of the outcome. */
export function promisedOutcome({ told, rows }: ProviderCase, outcome: CaseOutcome): CaseOutcome {
  const answer = outcome.answer.map((one) => ({ ...one, found: one.expected }));
  return { ...outcome, told, answer, rows };
}
