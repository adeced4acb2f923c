import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findProcessesUsing } from '../process-table.ts';
import { createStackName } from '../stack-name.ts';
import { RUN_ROOTS, workRoot } from './stack-directories.ts';

/** Everything of this machine that belongs to stacks of these owners: directories, processes. */
export async function findRemains(
  cacheDir: string,
  ownerPids: readonly (number | undefined)[],
): Promise<string[]> {
  const [tally, place] = (await createStackName()).split('-');
  const remains: string[] = [];
  for (const pid of ownerPids) {
    const prefix = `${tally}-${place}-${pid}-`;
    for (const root of [...RUN_ROOTS, workRoot(cacheDir)]) {
      const names = await readdir(root).catch(() => []);
      remains.push(
        ...names.filter((name) => name.startsWith(prefix)).map((name) => join(root, name)),
      );
    }
    remains.push(...(await findProcessesUsing(prefix)).map((used) => `process ${used}`));
  }
  return remains.sort();
}
