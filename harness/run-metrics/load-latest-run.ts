import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunState, runStateSchema } from './run-state.ts';

/** The newest verdict below `root`; undefined when there is none that can be read. */
export async function loadLatestRun(root: string): Promise<RunState | undefined> {
  const path = join(root, '.tally', 'latest', 'verdict.json');
  const run: unknown = await readFile(path, 'utf8')
    .then(JSON.parse)
    .catch(() => undefined);
  return runStateSchema.safeParse(run).data;
}
