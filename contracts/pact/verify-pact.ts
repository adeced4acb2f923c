import { join } from 'node:path';
import { Verifier } from '@pact-foundation/pact';
import { z } from 'zod';
import { startEventStreamProxy } from './event-stream-proxy.ts';
import { PACTS } from './pact-files.ts';

type MakeTrue = () => Promise<Record<string, string>>;

/** Makes a state true; what it returns replaces the examples in the request. */
export type StateHandler = MakeTrue | { setup: MakeTrue; teardown: () => Promise<void> };

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
  })
    .verifyProvider()
    .catch((cause: unknown) => {
      throw new Error(`${name} is not kept:\n${describe(cause)}`, { cause });
    });
}

const resultSchema = z.object({
  errors: z.array(
    z.object({
      interaction: z.string(),
      mismatch: z.object({ mismatches: z.array(z.looseObject({ mismatch: z.string() })) }),
    }),
  ),
});

/** The verifier rejects with its whole result as JSON, or with what kept it from verifying. */
function describe(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!message.startsWith('{')) return message;
  const { success, data } = resultSchema.safeParse(JSON.parse(message));
  if (!success) return message;
  const lines = data.errors.map(
    ({ interaction, mismatch: { mismatches } }) =>
      `${interaction}: ${mismatches.map((one) => `${one['path'] ?? ''} ${one.mismatch}`.trim()).join('; ')}`,
  );
  return lines.join('\n');
}
