import type { ModeSegment } from '#harness/modes/mode-segment.ts';
import type { Fact } from '#harness/reconcile/fact.ts';
import type { Item } from './measure.ts';

/** Every field that the summary shows; covered is one that another witness confirmed in each mode. */
export function summaryItems(segments: readonly ModeSegment[], facts: readonly Fact[]): Item[] {
  const fields = new Set(segments.flatMap(({ summaryFields }) => summaryFields));
  return [...fields].map((name) => {
    const fact = facts.find(({ summary }) => 'path' in summary && summary.path === name);
    const isCovered = segments.every((segment) =>
      segment.facts.some((row) => row.name === fact?.name && row.summary !== '-' && row.equal),
    );
    const lacks =
      fact === undefined ? 'no fact asks for it' : `the fact ${fact.name} was not confirmed`;
    return { name, isCovered, lacks };
  });
}
