import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The names in the first column of the README's table of metrics. */
export async function listDocumentedFamilies(root: string): Promise<string[]> {
  const readme = await readFile(join(root, 'reference-app/README.md'), 'utf8');
  const [table = ''] = readme.split('\n## Metrics\n').slice(1);
  const rows = table.split('\n## ')[0]?.match(/^\| [^|]+/gm) ?? [];
  return rows.flatMap((row) => [...row.matchAll(/`([a-z_]+)`/g)].map(([, name = '']) => name));
}
