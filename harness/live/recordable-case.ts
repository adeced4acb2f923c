import type { Provider } from '#harness/cassettes/provider.ts';
import { type CassetteAnswer, type Scenario, stepsOf } from '#harness/traffic/scenario.ts';

/** A scenario whose provider calls one cassette answers, or the live provider itself. */
export interface RecordableCase {
  /** Of the cassette, e.g. "openai/chat". */
  readonly id: string;
  readonly provider: Provider;
  readonly scenario: Scenario;
  /** Why a live provider cannot be made to answer so; undefined when it can. */
  readonly cannotBeRecorded: string | undefined;
}

/** The cases among the scenarios: those of which every provider call meets the same cassette. */
export function recordableCases(scenarios: readonly Scenario[]): RecordableCase[] {
  return scenarios.flatMap((scenario) => {
    const answers = stepsOf(scenario).flatMap(({ provider }) => provider);
    const own = answers.filter((answer): answer is CassetteAnswer => 'cassette' in answer);
    const [first] = own;
    const isCase =
      first !== undefined &&
      own.length === answers.length &&
      own.every(({ cassette }) => cassette === first.cassette);
    if (!isCase) return [];
    const { cassette: id, cannotBeRecorded } = first;
    return [{ id, provider: id.split('/')[0] as Provider, scenario, cannotBeRecorded }];
  });
}
