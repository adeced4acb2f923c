import type { Defect } from '#harness/defects/defect.ts';

export const LATE_ROW: Defect = {
  name: 'row-after-answer',
  says: 'The usage row is written 10 ms after the answer, as in batches, so a crash loses what was served.',
  patches: [
    {
      file: 'reference-app/src/accounting/record-usage.ts',
      find: `await insert(event);
    onCommitted(event);`,
      replace: `setTimeout(async () => {
      await insert(event);
      onCommitted(event);
    }, 10);`,
    },
  ],
  caughtBy: 'kills/rows-of-answered-calls',
};
