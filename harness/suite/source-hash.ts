import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

async function git(root: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', [...args], {
    cwd: root,
    maxBuffer: OUTPUT_BYTES_MAX,
    timeout: 20_000,
  });
  return stdout;
}

/** The commit of `root`, with "+changes" when the work tree differs; null outside a repository. */
export async function commitOf(root: string): Promise<string | null> {
  try {
    const commit = (await git(root, ['rev-parse', '--short=12', 'HEAD'])).trim();
    const changes = await git(root, ['status', '--porcelain']);
    return changes === '' ? commit : `${commit}+changes`;
  } catch {
    return null;
  }
}

/**
 * A hash over the content of every file that git tracks or would track, so that a test result can
 * be reused for the same sources. null outside a repository.
 */
export async function sourceHashOf(root: string): Promise<string | null> {
  try {
    const listed = await git(root, [
      'ls-files',
      '-z',
      '--cached',
      '--others',
      '--exclude-standard',
    ]);
    const files = [...new Set(listed.split('\0'))].filter((file) => file !== '').sort();
    const hash = createHash('sha256').update(process.version);
    for (const file of files) {
      const content = await readFile(join(root, file)).catch(() => 'gone');
      hash.update(file).update('\0').update(content).update('\0');
    }
    return hash.digest('hex').slice(0, 32);
  } catch {
    return null;
  }
}
