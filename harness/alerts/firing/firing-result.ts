import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';

const firingResultSchema = z.object({
  /** Alerts that Prometheus fired and Alertmanager delivered. */
  fired: z.array(z.string()),
  /** Why others were not. */
  failed: z.record(z.string(), z.string()),
});

/** What came of firing every alert of a project. */
export type FiringResult = z.infer<typeof firingResultSchema>;

/** A hash over what decides whether alerts fire: the files, and who evaluates and delivers. */
export async function firingHashOf(
  files: readonly string[],
  versions: readonly string[],
): Promise<string> {
  const hash = createHash('sha256').update(versions.join('\0'));
  for (const file of files) hash.update(`\0${basename(file)}\0`).update(await readFile(file));
  return hash.digest('hex').slice(0, 32);
}

/** Firing takes many seconds and depends on nothing else, so that no other run need repeat it. */
export async function loadFiringResult(
  cacheDir: string,
  hash: string,
): Promise<FiringResult | undefined> {
  const text = await readFile(pathFor(cacheDir, hash), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = firingResultSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
}

export async function saveFiringResult(
  cacheDir: string,
  { hash, result }: { hash: string; result: FiringResult },
): Promise<void> {
  const path = pathFor(cacheDir, hash);
  await mkdir(dirname(path), { recursive: true });
  const fresh = `${path}.${process.pid}`;
  await writeFile(fresh, `${JSON.stringify(result, null, 2)}\n`);
  await rename(fresh, path);
}

function pathFor(cacheDir: string, hash: string): string {
  return join(cacheDir, 'fired-alerts', `${hash}.json`);
}
