import { callService } from './call-service.ts';
import type { ScenarioCaller } from './callers.ts';
import { isRaced, type Scenario } from './scenario.ts';
import { openServiceCall, type ServiceCall } from './service-call.ts';

export interface PlayOptions {
  /** Base URL of the service. */
  url: string;
  caller: ScenarioCaller;
  authorization: (serviceKey: string) => Record<string, string>;
  /** The client's ledger; every call is added to it before it is sent. */
  calls: ServiceCall[];
}

/** Sends the scenario's requests, one after the other. Resolves with its calls, all ended. */
export async function playScenario(
  scenario: Scenario,
  options: PlayOptions,
): Promise<ServiceCall[]> {
  const played: ServiceCall[] = [];
  for (let sent = 0; sent < (scenario.times ?? 1); sent += 1) {
    const { method, path } = scenario.request;
    const call = openServiceCall({
      id: options.calls.length + 1,
      scenario: scenario.name,
      method,
      path,
      raced: isRaced(scenario),
    });
    options.calls.push(call);
    played.push(call);
    await callService(call, {
      url: `${options.url}${path}`,
      method,
      headers: options.authorization(options.caller.serviceKey),
      body: scenario.request.body,
      ...(scenario.departure && {
        leaveAfterContentEvents: scenario.departure.afterContentEvents,
      }),
    });
  }
  return played;
}
