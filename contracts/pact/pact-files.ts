import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The committed pacts: `<consumer>-<provider>.json`. */
export const PACTS = join(import.meta.dirname, 'pacts');

const pactSchema = z.looseObject({
  interactions: z.array(
    z.looseObject({
      description: z.string(),
      providerStates: z.array(z.looseObject({ name: z.string() })).min(1),
    }),
  ),
});

export type Pact = z.infer<typeof pactSchema>;

/** Throws when the file is no pact, or has an interaction without a state. */
export function readPact(folder: string, name: string): Pact {
  return pactSchema.parse(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')));
}

/**
 * A pact as it is committed: its interactions in the order of their descriptions, whatever order
 * the tests ran in, and without the versions of the libraries that wrote it.
 */
export function toCommitted(pact: Pact): string {
  const interactions = pact.interactions.toSorted((a, b) =>
    a.description < b.description ? -1 : 1,
  );
  const metadata = { pactSpecification: { version: '4.0' } };
  return `${JSON.stringify({ ...pact, interactions, metadata }, null, 1)}\n`;
}
