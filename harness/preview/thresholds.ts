import type { Panel } from '#harness/dashboards/load-dashboards.ts';

/** Grafana's names of colours, as the style sheet has them for light and dark. */
const NAMED: ReadonlySet<string> = new Set(['green', 'yellow', 'orange', 'red', 'blue']);

/** A colour of the page for one of Grafana's. */
export function cssColour(name: string | undefined): string {
  return name !== undefined && NAMED.has(name) ? `var(--${name})` : 'var(--text)';
}

/** The word that a panel has for a value. */
export function wordFor(value: number | undefined, { fieldConfig }: Panel) {
  const words = fieldConfig?.defaults.mappings ?? [];
  return words.flatMap((each) => ('options' in each ? (each.options[String(value)] ?? []) : []))[0];
}

/** The colour of the highest threshold that the value has reached, or of its word. */
export function colourOf(value: number | undefined, panel: Panel): string {
  const word = wordFor(value, panel);
  if (word !== undefined) return cssColour(word.color);
  const steps = panel.fieldConfig?.defaults.thresholds?.steps ?? [];
  const reached = steps.findLast((step) => step.value === null || (value ?? 0) >= step.value);
  return cssColour(reached?.color);
}
