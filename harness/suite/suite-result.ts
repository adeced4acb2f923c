import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const percent = z.number().min(0).max(100);

const suiteResultSchema = z.object({
  passed: z.number().int(),
  failed: z.number().int(),
  skipped: z.number().int(),
  failures: z.array(z.object({ name: z.string(), file: z.string(), message: z.string() })),
  /** Covered percent of the merged coverage, child processes included; absent without coverage. */
  coverage: z.object({ lines: percent, branches: percent, functions: percent }).optional(),
  /** Keys of the series that moved in some test; absent where no setup file notes them. */
  moved: z.array(z.string()).optional(),
  durationMs: z.number(),
  /** ISO 8601, UTC. */
  endedAt: z.string(),
});

/** What one complete run of a test suite came to. */
export type SuiteResult = z.infer<typeof suiteResultSchema>;

function pathFor(root: string, sourceHash: string): string {
  return join(root, '.tally', 'tests', `${sourceHash}.json`);
}

/** The result of the last complete run for exactly these sources, or undefined. */
export async function loadSuiteResult(
  root: string,
  sourceHash: string,
): Promise<SuiteResult | undefined> {
  const text = await readFile(pathFor(root, sourceHash), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = suiteResultSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
}

export async function saveSuiteResult(
  root: string,
  { sourceHash, result }: { sourceHash: string; result: SuiteResult },
): Promise<void> {
  const path = pathFor(root, sourceHash);
  await mkdir(dirname(path), { recursive: true });
  const fresh = `${path}.${process.pid}`;
  await writeFile(fresh, `${JSON.stringify(result, null, 2)}\n`);
  await rename(fresh, path);
}
