import type { Defect } from '#harness/defects/defect.ts';

/** A defect, and how far each abort must drive PromQL and the wire apart. */
export interface PlantedAbort extends Defect {
  gapPerAbort: number;
}

const FILE = 'reference-app/src/accounting/record-usage.ts';

export const PLANTED_ABORTS: readonly PlantedAbort[] = [
  {
    name: 'lost-abort',
    says: 'An aborted stream writes no usage row and moves no metric.',
    patches: [
      {
        file: FILE,
        find: 'return async (event) => {',
        replace: "return async (event) => {\n    if (event.outcome === 'client_abort') return;",
      },
    ],
    caughtBy: 'model_requests_total',
    gapPerAbort: -1,
  },
  {
    name: 'double-count',
    says: 'An aborted stream is counted by two handlers.',
    patches: [
      {
        file: FILE,
        find: 'onCommitted(event);',
        replace:
          "onCommitted(event);\n    if (event.outcome === 'client_abort') onCommitted(event);",
      },
    ],
    caughtBy: 'model_requests_total',
    gapPerAbort: 1,
  },
];
