import { existsSync } from 'node:fs';
import { glob, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { CassetteDocument, Chunk } from './format.ts';
import { formatDocument } from './format-document.ts';
import { computeSeal } from './seal.ts';

/** A cassette about to be written: its document without the seal, and the files that it names. */
export interface CassetteContent {
  readonly document: Omit<CassetteDocument, 'seal'>;
  readonly files: ReadonlyMap<string, Buffer>;
}

/** Beside the providers' folders, so that nobody takes a half-written cassette for one. */
const ASIDE = '.tally-aside';

/**
 * Seals a cassette and puts it in the place of the old one, all of it or nothing. `check` sees every
 * byte before anything is written, and throws where it must not be.
 * @throws HarnessError H_CASSETTE_UNWRITABLE
 */
export async function writeCassette(
  root: string,
  { document, files }: CassetteContent,
  check: (name: string, bytes: Buffer) => void,
): Promise<void> {
  const { id } = document;
  const seal = computeSeal(document, files);
  const all = new Map(files).set(
    'cassette.json',
    Buffer.from(formatDocument({ ...document, seal })),
  );
  for (const [name, bytes] of all) check(`${id}/${name}`, bytes);
  try {
    await restoreInterrupted(root);
    const fresh = join(root, ASIDE, 'new', id);
    await mkdir(fresh, { recursive: true });
    for (const [name, bytes] of all) await writeFile(join(fresh, name), bytes, { flush: true });
    await replaceFolder(join(root, id), { fresh, old: join(root, ASIDE, 'old', id) });
    await rm(join(root, ASIDE), { recursive: true });
  } catch (cause) {
    throw new HarnessError(`The cassette "${id}" cannot be written: ${String(cause)}.`, {
      code: 'H_CASSETTE_UNWRITABLE',
      fix: 'See that the folder of the cassettes exists and may be written to; the old one is whole.',
      cause,
    });
  }
}

/** Puts back what a recording that was killed between two renames had moved aside. */
async function restoreInterrupted(root: string): Promise<void> {
  for await (const old of glob('*/*', { cwd: join(root, ASIDE, 'old') })) {
    const place = join(root, old);
    if (!existsSync(place)) await rename(join(root, ASIDE, 'old', old), place);
  }
  await rm(join(root, ASIDE), { recursive: true, force: true });
}

async function replaceFolder(
  folder: string,
  { fresh, old }: { fresh: string; old: string },
): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(dirname(old), { recursive: true });
  if (existsSync(folder)) await rename(folder, old);
  await rename(fresh, folder);
}

/** Chunk boundaries, one on each line. */
export function wireJson(chunks: readonly Chunk[]): Buffer {
  return Buffer.from(`[\n${chunks.map(([at, ms]) => `  [${at}, ${ms}]`).join(',\n')}\n]\n`);
}
