import { didYouMean } from '#harness/errors/nearest-name.ts';
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

/**
 * Which selector asks for a metric that is nowhere: a written reason tells why a query has no data, and
 * not why its metric has another name.
 */
export async function explainNowhere(
  query: string,
  series: readonly Labels[],
  { promql, signal }: Pick<LiveData, 'promql' | 'signal'>,
): Promise<string | undefined> {
  const declared = await promql.families({ signal });
  const names = new Set([...declared, ...series.map((labels) => labels['__name__'] ?? '')]);
  const nowhere = selectorsOf(query).find(
    ({ metric }) => !names.has(metric) && !names.has(metric.replace(SAMPLE_SUFFIX, '')),
  );
  if (nowhere === undefined) return undefined;
  const { text, metric } = nowhere;
  return `${text}: there is no metric ${metric}, with or without data.${didYouMean(metric, names)}`;
}

/** What the samples of a family have behind its name. */
const SAMPLE_SUFFIX = /_(?:bucket|sum|count|total)$/;

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
