import { join } from 'node:path';

/** Where all of a run of this process is written that started then (ISO 8601). */
export function runFolder(root: string, startedAt: string): string {
  return join(root, '.tally', 'runs', `${startedAt.replaceAll(/[:.]/g, '-')}-${process.pid}`);
}
