import type { Defect } from '#harness/defects/defect.ts';
import type { FactRow } from '#harness/reconcile/reconcile.ts';

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

/** How far PromQL is from the wire in a fact without labels. */
export function gapOf(rows: readonly FactRow[], fact: string): number {
  const row = rows.find(({ name }) => name === fact);
  return Number(row?.promql) - Number(row?.wire);
}
