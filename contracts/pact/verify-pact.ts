import { join } from 'node:path';
import { Verifier } from '@pact-foundation/pact';
import { startEventStreamProxy } from './event-stream-proxy.ts';
import { PACTS } from './pact-files.ts';

/** Makes a state true; what it returns replaces the examples in the request. */
export type StateHandler = () => Promise<Record<string, string>>;

const TIMEOUT_MS = 30_000;

/**
 * Plays every interaction of a committed pact against its provider. Throws with all that differs.
 * A state that has no handler is an error.
 */
export async function verifyPact(
  name: string,
  { url, states }: { url: string; states: Readonly<Record<string, StateHandler>> },
): Promise<void> {
  await using proxy = await startEventStreamProxy(url);
  await new Verifier({
    providerBaseUrl: proxy.url,
    pactUrls: [join(PACTS, `${name}.json`)],
    stateHandlers: { ...states },
    timeout: TIMEOUT_MS,
    logLevel: 'error',
  }).verifyProvider();
}
