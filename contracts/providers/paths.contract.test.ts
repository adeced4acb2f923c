import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { ZodError } from 'zod';
import type { RunningService } from '#contracts/testing/running-service.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import type { RecordedResponse } from '#harness/cassettes/cassette.ts';
import { PATH_CHANGES, type PathChange } from '#harness/cassettes/change-path.ts';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { compareMovement } from '#harness/metrics/compare-movement.ts';
import { readAnswer } from '#harness/simulator/providers/read-answer.ts';
import { wireOf } from '#harness/simulator/providers/wires.ts';
import type { CaseProvider, ProviderCase } from './case.ts';
import { providerCases } from './cases.ts';
import { changeAnswer } from './change-answer.ts';
import { playCase, promisedOutcome } from './play-case.ts';

/** Contracts that stay green when a provider says something else prove nothing about it. */

const test = serviceTest();
const PROVIDERS: readonly CaseProvider[] = ['openai', 'google', 'anthropic'];
const KILLED_MIN = 0.95;
const CASSETTES = await loadCassettes(
  fileURLToPath(new URL('../../fixtures/cassettes', import.meta.url)),
);

/** What survives, and why nobody can tell. */
const ALWAYS_ZERO =
  'What is left out is 0, and it is 0 where the end of the stream does not say it.';
const SURVIVORS: Readonly<Record<string, string>> = {
  'anthropic message.usage.cache_read_input_tokens removed': ALWAYS_ZERO,
  'anthropic message.usage.cache_creation_input_tokens removed': ALWAYS_ZERO,
  'anthropic message.usage.output_tokens changed':
    'The end of the stream says it again; where there is none, the events with content are more.',
};

const slow = { tags: ['integration', 'slow'] };

test('a case whose answer is as it was recorded stays green', slow, async ({ service }) => {
  for (const found of providerCases) {
    const response = responseOf(found);
    const isWrong = response !== undefined && (await isRed(service, found, response));
    expect(isWrong, `${found.provider}/${found.promise}`).toBe(false);
  }
});

test(
  'a path that is relied on and missing, retyped or changed turns a case red',
  slow,
  async ({ service, annotate }) => {
    const survivors: string[] = [];
    let changes = 0;
    for (const provider of PROVIDERS) {
      for (const path of wireOf(provider).reliesOn) {
        for (const change of PATH_CHANGES) {
          changes += 1;
          if (!(await isNoticed(service, { provider, path, change })))
            survivors.push(`${provider} ${path} ${change}`);
        }
      }
    }
    const killed = changes - survivors.length;
    const explained = survivors.map((name) => `${name} (${SURVIVORS[name] ?? 'unexplained'})`);
    const rate = `${killed} of ${changes} changes noticed (${((100 * killed) / changes).toFixed(1)} %)`;
    await annotate(`${rate}; survivors: ${explained.join('; ') || 'none'}`);
    expect(survivors).toEqual(Object.keys(SURVIVORS));
    expect(killed / changes).toBeGreaterThanOrEqual(KILLED_MIN);
  },
);

interface Wrong {
  readonly provider: CaseProvider;
  readonly path: string;
  readonly change: PathChange;
}

/** True as soon as one case of the provider turns red. */
async function isNoticed(service: RunningService, { provider, path, change }: Wrong) {
  for (const found of providerCases.filter((one) => one.provider === provider)) {
    const response = responseOf(found);
    const changed = response && changeAnswer(response, path, change);
    if (changed !== undefined && (await isRed(service, found, changed))) return true;
  }
  return false;
}

/** undefined for a case of several answers: one alone would turn it red. */
function responseOf({ provider, promise }: ProviderCase): RecordedResponse | undefined {
  const cassette = CASSETTES.find(({ id }) => id === `${provider}/${promise}`);
  return cassette?.interactions.length === 1 ? cassette.interactions[0]?.response : undefined;
}

async function isRed(
  service: RunningService,
  found: ProviderCase,
  response: RecordedResponse,
): Promise<boolean> {
  const { status, headers, bytes } = response;
  const wire = wireOf(found.provider);
  if (readAnswer(wire, response).error?.kind !== found.kind) return true;
  const answer = {
    kind: 'verbatim',
    status,
    headers: { ...headers },
    body: String(bytes),
  } as const;
  const isTold = async () => {
    const outcome = await playCase(service, found, [{ answer }]);
    return isDeepStrictEqual(outcome, promisedOutcome(found, outcome));
  };
  // An answer that no reader of its shape can read is as red as one that says something else.
  if (!(await isTold().catch(isUnreadable))) return true;
  const movement = await service.metrics.during(isTold);
  return compareMovement(found.scenario.movement, movement).length > 0;
}

/** false, as what is not told; any other failure is one of the test itself. */
function isUnreadable(error: unknown): boolean {
  if (error instanceof ZodError) return false;
  throw error;
}
