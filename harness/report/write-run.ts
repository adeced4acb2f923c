import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Verdict } from '#harness/gates/verdict.ts';
import { renderSummary } from './render-summary.ts';
import { runFolder } from './run-folder.ts';

/**
 * Writes `.tally/runs/<id>/{verdict.json,summary.md}` below `root`, and the page of the dashboards if
 * there is one, and points `.tally/latest` at it. Resolves with the run's folder.
 */
export async function writeRun(root: string, verdict: Verdict, preview?: string): Promise<string> {
  const folder = runFolder(root, verdict.startedAt);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'verdict.json'), `${JSON.stringify(verdict, null, 2)}\n`);
  await writeFile(join(folder, 'summary.md'), renderSummary(verdict));
  if (preview !== undefined) await writeFile(join(folder, 'preview.html'), preview);
  await pointLatest(root, basename(folder));
  return folder;
}

/** Replaced by a rename, so that a reader never finds it missing and two runs do not collide. */
async function pointLatest(root: string, id: string): Promise<void> {
  const link = join(root, '.tally', 'latest');
  const fresh = `${link}.${process.pid}`;
  await rm(fresh, { force: true });
  await symlink(join('runs', id), fresh);
  await rename(fresh, link);
}
