import type { Finding } from '#harness/findings/finding.ts';
import { pollUntil } from '#harness/metrics/poll-until.ts';
import type { Play, PlayedCall, PlayOptions, Sent } from './play.ts';
import type { Barrier, Scenario, Step } from './scenario.ts';

export interface HeldStep {
  scenario: Scenario;
  step: Step & { atBarrier?: Barrier };
  /** Under which the provider holds the calls. */
  keys: ReadonlySet<string>;
  send: () => Sent;
  sendMeanwhile: () => Promise<readonly PlayedCall[]>;
}

const EVERY_MS = 5;

/**
 * Sends all requests of a step at once. When the provider holds every one and its client has read
 * as much as was sent, the request for meanwhile is sent and the facts are checked; some clients
 * leave, the facts are checked again, and the rest goes on. What is not held in time is a finding, and the facts then tell the rest.
 */
export async function playAtBarrier(held: HeldStep, options: PlayOptions): Promise<Play> {
  const { step, keys, send, sendMeanwhile } = held;
  const { leaving, facts } = step.atBarrier ?? { leaving: 0, facts: [] };
  const { checkFacts = async () => [], simulator } = options;
  const findings: Finding[] = [];
  const meanwhile: PlayedCall[] = [];
  const sent = Array.from({ length: step.times ?? 1 }, send);
  try {
    findings.push(...(await untilHeld(held, sent, options)));
    meanwhile.push(...(await sendMeanwhile()));
    findings.push(...(await checkFacts(facts)));
    if (leaving > 0) {
      for (const { leave } of sent.slice(0, leaving)) leave();
      const staying = sent.slice(leaving);
      findings.push(...(await untilHeld(held, staying, options)), ...(await checkFacts(facts)));
    }
  } finally {
    for (const key of keys) simulator.release(key);
    await Promise.all(sent.map(({ ended }) => ended));
  }
  const afterContentEvents = eventsAtBarrier(step);
  const left = {
    expect: { status: step.expect.status, contentEvents: afterContentEvents },
    departure: { afterContentEvents },
  };
  const played = sent.map(({ call }, index) => ({ promise: index < leaving ? left : step, call }));
  return { played: [...played, ...meanwhile], findings };
}

function eventsAtBarrier({ provider }: Step): number {
  const held = provider.flatMap((answer) =>
    'answer' in answer ? [answer.holdAfterContentEvents ?? 0] : [],
  );
  return Math.max(0, ...held);
}

async function untilHeld(
  { scenario, step, keys }: HeldStep,
  staying: readonly Sent[],
  { simulator, heldWithinMs = 10_000, signal }: PlayOptions,
): Promise<Finding[]> {
  const events = eventsAtBarrier(step);
  const count = (): number => [...keys].reduce((sum, key) => sum + simulator.held(key), 0);
  const arrived = (): number => staying.filter(({ call }) => call.contentEvents >= events).length;
  const missing = await pollUntil<Finding[]>(
    async () => (count() === staying.length && arrived() === staying.length ? [] : undefined),
    { everyMs: EVERY_MS, timeoutMs: heldWithinMs, signal, onTimeout: () => new NotHeld() },
  ).catch((error: unknown) => {
    if (!(error instanceof NotHeld)) throw error;
    return [
      {
        check: `contracts/${scenario.name}/barrier`,
        message: `${scenario.name}: of ${staying.length} calls the provider holds ${count()} after ${heldWithinMs} ms, and ${arrived()} clients have read the ${events} content events before the barrier. (${scenario.says})`,
      },
    ];
  });
  return missing;
}

/** Not held in time: turned into a finding where it is caught. */
class NotHeld extends Error {}
