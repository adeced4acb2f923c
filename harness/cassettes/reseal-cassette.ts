import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatDocument } from './format-document.ts';
import { readCassette } from './load-cassettes.ts';
import { computeSeal } from './seal.ts';

interface Resealing {
  /** Why it was edited; kept in the cassette. */
  readonly reason: string;
  /** As YYYY-MM-DD. */
  readonly date: string;
}

/**
 * Seals a cassette that was edited by hand, and notes in it when and why. Gives the new seal;
 * undefined when the old one still holds, and then nothing is written.
 * @throws HarnessError H_CASSETTE_UNREADABLE, or H_CASSETTE_INVALID when the edit broke its form
 */
export async function resealCassette(
  root: string,
  id: string,
  { reason, date }: Resealing,
): Promise<string | undefined> {
  const { document, files } = await readCassette(root, id);
  if (computeSeal(document, files) === document.seal) return undefined;
  const edited = { ...document, edits: [...(document.edits ?? []), { date, reason }] };
  const seal = computeSeal(edited, files);
  const place = join(root, id, 'cassette.json');
  // Renamed when it is whole: a reader never sees half of it.
  await writeFile(`${place}.new`, formatDocument({ ...edited, seal }));
  await rename(`${place}.new`, place);
  return seal;
}
