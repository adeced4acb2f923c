import type { Finding } from '#harness/findings/finding.ts';
import { findCallMark } from '#harness/simulator/call-mark.ts';
import { callService } from './call-service.ts';
import { callerOf, doorOf, keyAt, type ScenarioCaller } from './callers.ts';
import type { Play, PlayedCall, PlayOptions, Sent } from './play.ts';
import { playAtBarrier } from './play-at-barrier.ts';
import { fillIn, readSaved } from './saved-values.ts';
import { isRaced, type Scenario, type Step, stepsOf } from './scenario.ts';
import { openServiceCall } from './service-call.ts';

/** Tells the simulator what to answer, and sends the scenario's requests, step by step. */
export async function playScenario(scenario: Scenario, options: PlayOptions): Promise<Play> {
  const caller = callerOf(scenario, options.seed);
  const saved = new Map<string, string>();
  const played: PlayedCall[] = [];
  const findings: Finding[] = [];
  const sender = { scenario: scenario.name, caller, saved, options };
  for (const step of stepsOf(scenario)) {
    const keys = scriptStep(step, caller, options);
    if (step.atBarrier === undefined) {
      played.push(...(await playInTurn(step, sender)));
      continue;
    }
    const { meanwhile } = step.atBarrier;
    const send = () => sendRequest(step, sender);
    const sendMeanwhile = async () =>
      meanwhile === undefined ? [] : playInTurn({ ...meanwhile, provider: [] }, sender);
    const held = await playAtBarrier({ scenario, step, keys, send, sendMeanwhile }, options);
    played.push(...held.played);
    findings.push(...held.findings);
  }
  return { played, findings };
}

/** Sends the step's requests one after the other. */
async function playInTurn(step: Step, sender: Sender): Promise<PlayedCall[]> {
  const played: PlayedCall[] = [];
  for (let sent = 0; sent < (step.times ?? 1); sent += 1) {
    const { call, ended } = sendRequest(step, sender);
    await ended;
    readSaved(step.saves, call, sender.saved);
    played.push({ promise: step, call });
  }
  return played;
}

/** Queues the step's scripts; gives the keys under which its calls are held. */
function scriptStep(
  step: Step,
  caller: ScenarioCaller,
  { simulator, seed }: PlayOptions,
): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const answer of step.provider) {
    const key = keyAt(doorOf(answer, caller), caller, seed);
    if ('cassette' in answer) simulator.expectCassette?.(key, answer.cassette);
    if (!('answer' in answer)) continue;
    const { provider, paidBy, ...script } = answer;
    simulator.script(key, script);
    keys.add(key);
  }
  return keys;
}

interface Sender {
  scenario: string;
  caller: ScenarioCaller;
  saved: Map<string, string>;
  options: PlayOptions;
}

function sendRequest(step: Step, { scenario, caller, saved, options }: Sender): Sent {
  const { calls, url, authorization } = options;
  const { method, path: route, body: asked } = step.request;
  const { path, headers, body } = fillIn(step.request, saved);
  const call = openServiceCall({
    id: calls.length + 1,
    scenario,
    method,
    path: route,
    modelRequested: typeof asked?.['model'] === 'string' ? asked['model'] : undefined,
    mark: findCallMark(JSON.stringify(asked ?? {})),
    raced: isRaced(step),
  });
  calls.push(call);
  const leaving = new AbortController();
  const ended = callService(call, {
    url: `${url}${path}`,
    method,
    headers: { ...authorization(caller.serviceKey), ...headers },
    body,
    ...(step.departure && { leaveAfterContentEvents: step.departure.afterContentEvents }),
    leaving: leaving.signal,
  });
  return { call, ended, leave: () => leaving.abort() };
}
