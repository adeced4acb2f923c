import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Verifier } from '@pact-foundation/pact';
import { z } from 'zod';
import { startEventStreamProxy } from './event-stream-proxy.ts';
import { PACTS, type Pact, readPact, toCommitted } from './pact-files.ts';

type MakeTrue = () => Promise<Record<string, string>>;

/** Makes a state true; what it returns replaces the examples in the request. */
export type StateHandler = MakeTrue | { setup: MakeTrue; teardown: () => Promise<void> };

interface VerifyOptions {
  /** Of the provider. */
  readonly url: string;
  /** A state that can not be made true at this provider says why: what needs it is left out. */
  readonly states: Readonly<Record<string, StateHandler | { readonly leftOut: string }>>;
}

const TIMEOUT_MS = 30_000;

/** Plays a committed pact against its provider. Throws with all that differs. */
export async function verifyPact(name: string, { url, states }: VerifyOptions): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const proxy = stack.use(await startEventStreamProxy(url));
  const folder = await mkdtemp(join(tmpdir(), 'tally-pact-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const file = join(folder, `${name}.json`);
  await writeFile(file, toCommitted(withoutLeftOut(readPact(PACTS, name), states)));
  const untrue: string[] = [];
  await new Verifier({
    providerBaseUrl: proxy.url,
    pactUrls: [file],
    stateHandlers: toHandlers(states, untrue),
    timeout: TIMEOUT_MS,
    logLevel: 'error',
  })
    .verifyProvider()
    .catch((cause: unknown) => {
      throw new Error([`${name} is not kept:`, ...untrue, describe(cause)].join('\n'), { cause });
    });
}

/** Pact asks on when a handler throws, with the examples: what it then finds says nothing. */
function toHandlers(states: VerifyOptions['states'], untrue: string[]) {
  const entries = Object.entries(states).flatMap(([state, handler]) => {
    if ('leftOut' in handler) return [];
    const { setup, teardown = undefined } =
      typeof handler === 'function' ? { setup: handler } : handler;
    const reported = async () =>
      await setup().catch((cause: unknown) => {
        untrue.push(`"${state}" could not be made true: ${String(cause)}`);
        throw cause;
      });
    return [[state, { setup: reported, ...(teardown && { teardown }) }] as const];
  });
  return Object.fromEntries(entries);
}

/** Pact itself would pass over a state that has no handler. */
function withoutLeftOut(pact: Pact, states: VerifyOptions['states']): Pact {
  const interactions = pact.interactions.filter(({ description, providerStates }) =>
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

/** The verifier rejects with its whole result as JSON, or with what kept it from verifying. */
function describe(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!message.startsWith('{')) return message;
  const { success, data } = resultSchema.safeParse(JSON.parse(message));
  if (!success) return message;
  const lines = data.errors.map(
    ({ interaction, mismatch: { mismatches } }) =>
      `${interaction.replace(/^Verifying .+? Given/, 'Given')}: ${mismatches.map((one) => `${one['path'] ?? ''} ${one.mismatch}`.trim()).join('; ')}`,
  );
  return lines.join('\n');
}
