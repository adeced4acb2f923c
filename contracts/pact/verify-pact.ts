import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { startEventStreamProxy } from './event-stream-proxy.ts';
import { PACTS, type Pact, readPact, toCommitted } from './pact-files.ts';
import type { PactVerifier } from './pact-verifier.ts';
import { type StateHandler, startStateServer } from './state-server.ts';

interface VerifyOptions {
  readonly verifier: PactVerifier;
  /** Of the provider. */
  readonly url: string;
  /** A state that cannot be made true at this provider says why: what needs it is left out. */
  readonly states: Readonly<Record<string, StateHandler | { readonly leftOut: string }>>;
  /** The description of one interaction; all of them are played when left out. */
  readonly only?: string;
}

/** Plays a committed pact against its provider. Throws with all that differs. */
export async function verifyPact(name: string, options: VerifyOptions): Promise<void> {
  const { verifier, url, states } = options;
  await using stack = new AsyncDisposableStack();
  const handlers = Object.entries(states).flatMap(([state, handler]) =>
    'leftOut' in handler ? [] : [[state, handler] as const],
  );
  const proxy = stack.use(await startEventStreamProxy(url));
  const stateServer = stack.use(await startStateServer(new Map(handlers)));
  const folder = await mkdtemp(join(tmpdir(), 'tally-pact-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const file = join(folder, `${name}.json`);
  await writeFile(file, toCommitted(selectPlayed(readPact(PACTS, name), options)));
  const result = await verifier.verify({
    providerBaseUrl: proxy.url,
    pactUrls: [file],
    providerStatesSetupUrl: stateServer.url,
    logLevel: 'error',
  });
  if (result !== '')
    throw new Error([`${name} is not kept:`, ...stateServer.failures, describe(result)].join('\n'));
}

/** Pact itself would pass over a state that has no handler. */
function selectPlayed(pact: Pact, { states, only }: VerifyOptions): Pact {
  const asked = pact.interactions.filter(
    ({ description }) => only === undefined || description === only,
  );
  const interactions = asked.filter(({ description, providerStates }) =>
    providerStates.every(({ name }) => {
      const handler = states[name];
      if (handler === undefined) throw new Error(`${description}: nothing makes "${name}" true.`);
      return !('leftOut' in handler);
    }),
  );
  return { ...pact, interactions };
}

const resultSchema = z.object({
  errors: z.array(
    z.object({
      interaction: z.string(),
      mismatch: z.object({ mismatches: z.array(z.looseObject({ mismatch: z.string() })) }),
    }),
  ),
});

/** The verifier gives its whole result as JSON, or says what kept it from verifying. */
function describe(result: string): string {
  if (!result.startsWith('{')) return result;
  const { success, data } = resultSchema.safeParse(JSON.parse(result));
  if (!success) return result;
  const lines = data.errors.map(({ interaction, mismatch: { mismatches } }) => {
    const found = mismatches.map((one) => `${one['path'] ?? ''} ${one.mismatch}`.trim());
    return `${interaction.replace(/^Verifying .+? Given/, 'Given')}: ${found.join('; ')}`;
  });
  return lines.join('\n');
}
