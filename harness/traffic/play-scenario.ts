import type { Simulator } from '#harness/simulator/simulator.ts';
import { callService } from './call-service.ts';
import { callerOf, doorOf, keyAt, type ScenarioCaller } from './callers.ts';
import { fillIn, readSaved } from './saved-values.ts';
import { isRaced, type Scenario, type Step, stepsOf } from './scenario.ts';
import { openServiceCall, type ServiceCall } from './service-call.ts';

export interface PlayOptions {
  /** Base URL of the service. */
  url: string;
  /** Keys are derived from it. */
  seed: string;
  simulator: Pick<Simulator, 'script'>;
  authorization: (serviceKey: string) => Record<string, string>;
  /** The client's ledger; every call is added to it before it is sent. */
  calls: ServiceCall[];
}

/** A call of the service, and what the scenario promises of it. */
export interface PlayedCall {
  step: Step;
  call: ServiceCall;
}

/**
 * Tells the simulator what to answer, and sends the scenario's requests, one after the other.
 * Resolves with its calls, all ended.
 */
export async function playScenario(
  scenario: Scenario,
  options: PlayOptions,
): Promise<PlayedCall[]> {
  const caller = callerOf(scenario, options.seed);
  const saved = new Map<string, string>();
  const played: PlayedCall[] = [];
  for (const step of stepsOf(scenario)) {
    scriptStep(step, caller, options);
    for (let sent = 0; sent < (step.times ?? 1); sent += 1) {
      const call = openServiceCall({
        id: options.calls.length + 1,
        scenario: scenario.name,
        method: step.request.method,
        path: step.request.path,
        raced: isRaced(step),
      });
      options.calls.push(call);
      played.push({ step, call });
      const { path, headers, body } = fillIn(step.request, saved);
      await callService(call, {
        url: `${options.url}${path}`,
        method: step.request.method,
        headers: { ...options.authorization(caller.serviceKey), ...headers },
        body,
        ...(step.departure && { leaveAfterContentEvents: step.departure.afterContentEvents }),
      });
      readSaved(step.saves, call, saved);
    }
  }
  return played;
}

function scriptStep(step: Step, caller: ScenarioCaller, { simulator, seed }: PlayOptions): void {
  for (const answer of step.provider) {
    if (!('answer' in answer)) continue;
    const { provider, paidBy, ...script } = answer;
    simulator.script(keyAt(doorOf(answer, caller), caller, seed), script);
  }
}
