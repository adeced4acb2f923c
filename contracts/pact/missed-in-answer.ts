import type { Cassette, RecordedResponse } from '#harness/cassettes/cassette.ts';
import { startSimulator } from '#harness/simulator/simulator.ts';
import { PACTS, readPact } from './pact-files.ts';
import type { PactVerifier } from './pact-verifier.ts';
import { KEY_IS_UNKNOWN } from './provider-expectation.ts';
import { verifyPact } from './verify-pact.ts';

const API_KEY = 'sk-tally-live';

/**
 * What the service relies on and a provider's newest answer lacks; undefined when nothing does. The
 * answer is asked for again, but of the simulator, so that it costs nothing.
 */
export async function missedInAnswer(
  { recording, response }: { recording: Cassette; response: RecordedResponse },
  verifier: PactVerifier,
): Promise<string | undefined> {
  const { id, provider, interactions } = recording;
  const name = `byom-service-${provider}`;
  const pact = readPact(PACTS, name).interactions.find(({ description }) => description === id);
  const [recorded] = interactions;
  if (pact === undefined || recorded === undefined) return undefined;
  const answered = { ...recording, repeat: true, interactions: [{ ...recorded, response }] };
  await using simulator = await startSimulator({ cassettes: [answered], keepsTime: false });
  const states = pact.providerStates.map((state) => {
    if (state.name !== KEY_IS_UNKNOWN) simulator.acceptKey(provider, API_KEY);
    return [state.name, async () => ({ apiKey: API_KEY })] as const;
  });
  return await verifyPact(name, {
    verifier,
    only: id,
    url: `${simulator.url}/${provider}`,
    states: Object.fromEntries(states),
  }).then(
    () => undefined,
    (error: unknown) => String(error),
  );
}
