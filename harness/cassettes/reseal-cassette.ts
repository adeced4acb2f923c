import { HarnessError } from '#harness/errors/harness-error.ts';
import { readCassette } from './load-cassettes.ts';
import { findSecrets } from './redact/find-secrets.ts';
import { computeSeal } from './seal.ts';
import { writeCassette } from './write-cassette.ts';

interface Resealing {
  /** Why it was edited; kept in the cassette. */
  readonly reason: string;
  /** As YYYY-MM-DD. */
  readonly date: string;
}

/**
 * Seals a cassette that was edited by hand, and notes in it when and why. Gives the new seal;
 * undefined when the old one still holds, and then nothing is written.
 * @throws HarnessError H_CASSETTE_UNREADABLE, H_CASSETTE_INVALID when the edit broke its form,
 * H_CASSETTE_SECRET or H_CASSETTE_UNWRITABLE
 */
export async function resealCassette(
  root: string,
  id: string,
  { reason, date }: Resealing,
): Promise<string | undefined> {
  const { document, files } = await readCassette(root, id);
  if (computeSeal(document, files) === document.seal) return undefined;
  const edited = { ...document, edits: [...(document.edits ?? []), { date, reason }] };
  await writeCassette(root, { document: edited, files }, expectNoSecret);
  return computeSeal(edited, files);
}

function expectNoSecret(name: string, bytes: Buffer): void {
  const [found] = findSecrets(bytes, []);
  if (found === undefined) return;
  const what = `"${name}" was not sealed: the rule "${found.rule}" finds a secret at byte ${found.ranges[0]?.[0] ?? 0}.`;
  const fix = 'Take it out, and revoke it if it is a real one.';
  throw new HarnessError(what, { code: 'H_CASSETTE_SECRET', fix });
}
