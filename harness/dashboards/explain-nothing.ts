import type { Labels } from '#harness/metrics/exposition.ts';
import { explainSelector } from '#harness/promql/explain-selector.ts';
import { selectorsOf } from '#harness/promql/selectors-of.ts';
import type { LiveData } from './choose-variables.ts';

/**
 * Which selector of a query finds none of the series, and whether these are gone or never were;
 * undefined when each finds some.
 */
export async function explainNothing(
  query: string,
  series: readonly Labels[],
  live: LiveData,
): Promise<string | undefined> {
  for (const selector of selectorsOf(query)) {
    const missing = explainSelector(selector, series);
    if (missing !== undefined) return (await explainGone(selector.text, live)) ?? missing;
  }
  return undefined;
}

/** Of a selector that finds nothing now: whether it did before. */
async function explainGone(
  selector: string,
  { promql, atSeconds, drawn, signal }: LiveData,
): Promise<string | undefined> {
  const stored = await promql.stored(`${selector}[${drawn.rangeMs}ms]`, { atSeconds, signal });
  const times = stored.flatMap(({ samples }) => samples.map((sample) => sample.atSeconds));
  if (times.length === 0) return undefined;
  const last = times.reduce((one, other) => Math.max(one, other));
  return `${selector}: it is gone; its last sample is ${(atSeconds - last).toFixed(1)} s old.`;
}
