import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { createStackName } from '#harness/stack/stack-name.ts';
import type { Defect } from './defect.ts';

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
  const deleted = new Set(await listFiles(root, '-d'));
  const listed = await listFiles(root, '-co', '--exclude-standard');
  const files = listed.filter((file) => !deleted.has(file));
  await Promise.all(files.map((file) => cp(join(root, file), join(copy, file), { force: true })));
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const [file, text] of await patchedFiles(copy, defect)) {
    await writeFile(join(copy, file), text);
  }
  const owned = created.move();
  return { root: copy, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** What git lists, committed or not; one that was deleted since is still among the cached ones. */
async function listFiles(root: string, ...which: readonly string[]): Promise<string[]> {
  const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await run('git', ['ls-files', '-z', ...which], options);
  return stdout.split('\0').filter((file) => file !== '');
}

/** What the files that the defect changes hold with it, by path. Throws H_DEFECT_PATCH. */
export async function patchedFiles(
  root: string,
  { name, patches = [] }: Defect,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const { file, find, replace } of patches) {
    const text = texts.get(file) ?? (await readFile(join(root, file), 'utf8'));
    const times = text.split(find).length - 1;
    if (times !== 1) {
      throw new HarnessError(
        `The defect "${name}" cannot be planted: its passage occurs ${times} times in ${file}:\n${find}`,
        { code: 'H_DEFECT_PATCH', fix: 'Bring the defect up to date with the code it changes.' },
      );
    }
    // A function as the replacement, so that "$" in it stands for itself.
    texts.set(
      file,
      text.replace(find, () => replace),
    );
  }
  return texts;
}
