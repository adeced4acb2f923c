import { expect, test } from 'vitest';
import { patchedFiles } from '#harness/defects/plant-defect.ts';
import { LATE_ROW } from '../prove-kills/late-row.ts';
import { PLANTED_ABORTS } from './planted-aborts.ts';

test.for([...PLANTED_ABORTS, LATE_ROW])('$name can be planted', async (defect) => {
  const files = await patchedFiles(process.cwd(), defect);
  expect(files).toHaveLength(defect.patches?.length ?? 0);
});
