import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { createStackName } from '#harness/stack/embedded/stack-name.ts';
import type { Defect, Patch } from './defect.ts';

const run = promisify(execFile);

/** A copy of the project in which the defect is planted. */
export interface PlantedCopy extends AsyncDisposable {
  readonly root: string;
}

/**
 * Copies every file of the repository at `root`, links its node_modules, and plants the defect. A
 * whole copy, because in a part of one an import could lead back to the original, where the
 * defect is not. Throws H_DEFECT_PATCH.
 */
export async function plantDefect(root: string, defect: Defect): Promise<PlantedCopy> {
  await using created = new AsyncDisposableStack();
  // Named like a stack, so that the next start removes what a killed process left.
  const copy = join(tmpdir(), await createStackName());
  await mkdir(copy, { mode: 0o755 });
  created.defer(() => rm(copy, { recursive: true, force: true }));
  const { stdout } = await run('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  });
  const files = stdout.split('\0').filter((file) => file !== '');
  await Promise.all(files.map((file) => cp(join(root, file), join(copy, file), { force: true })));
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const patch of defect.patches ?? []) await applyPatch(copy, defect.name, patch);
  const owned = created.move();
  return { root: copy, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function applyPatch(copy: string, name: string, patch: Patch): Promise<void> {
  const path = join(copy, patch.file);
  const text = await readFile(path, 'utf8');
  const times = text.split(patch.find).length - 1;
  if (times !== 1) {
    throw new HarnessError(
      `The defect "${name}" cannot be planted: its passage occurs ${times} times in ${patch.file}:\n${patch.find}`,
      { code: 'H_DEFECT_PATCH', fix: 'Bring the defect up to date with the code it changes.' },
    );
  }
  // A function as the replacement, so that "$" in it stands for itself.
  await writeFile(
    path,
    text.replace(patch.find, () => patch.replace),
  );
}
