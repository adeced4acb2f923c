import type { Defect } from '#harness/defects/defect.ts';

export const LATE_ROW: Defect = {
  name: 'row-after-answer',
  says: 'The usage row is written after the answer was sent, so a crash loses what was served.',
  patches: [
    {
      file: 'reference-app/src/accounting/record-usage.ts',
      find: `await pool.query({ ...INSERT_USAGE_EVENT, values: toRow(event) });
    onCommitted(event);`,
      replace: `void pool
      .query({ ...INSERT_USAGE_EVENT, values: toRow(event) })
      .then(() => onCommitted(event));`,
    },
  ],
  caughtBy: 'kills/rows-of-answered-calls',
};
