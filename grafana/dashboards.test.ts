import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dashboardFiles } from './dashboards.ts';

const FOLDER = join(import.meta.dirname, 'dashboards');

describe('the committed dashboards', () => {
  // `npm run dashboards` writes them.
  test.for(Object.entries(dashboardFiles))('%s is what its source makes', async ([name, text]) => {
    await expect(text).toMatchFileSnapshot(join(FOLDER, name));
  });

  test('have a source', async () => {
    expect((await readdir(FOLDER)).sort()).toEqual(Object.keys(dashboardFiles).sort());
  });
});
