import { didYouMean } from '#harness/errors/nearest-name.ts';
import type { Labels } from '#harness/metrics/exposition.ts';
import type { LabelMatcher, Selector } from './selectors-of.ts';

/**
 * Why a selector finds none of the given series, in one sentence that names the first thing that is
 * not there and its neighbour; undefined when it finds one.
 */
export function explainSelector(
  { metric, matchers, text }: Selector,
  series: readonly Labels[],
): string | undefined {
  const named = series.filter((labels) => labels['__name__'] === metric);
  if (named.length === 0) {
    const names = new Set(series.map((labels) => labels['__name__'] ?? ''));
    return `${text}: there is no metric ${metric}.${didYouMean(metric, names)}`;
  }
  let left = named;
  for (const matcher of matchers.filter(({ label }) => label !== '__name__')) {
    const kept = left.filter((labels) => matchesLabel(matcher, labels[matcher.label]));
    if (kept.length === 0) return `${text}: ${explainMatcher(matcher, left)}`;
    left = kept;
  }
  return undefined;
}

function explainMatcher({ label, operator, value }: LabelMatcher, left: readonly Labels[]): string {
  const values = new Set(left.flatMap((labels) => labels[label] ?? []));
  if (values.size === 0) {
    const labels = new Set(left.flatMap((each) => Object.keys(each)));
    return `the metric has no label ${label}.${didYouMean(label, labels)}`;
  }
  const seen = [...values].sort().slice(0, VALUES_SHOWN_MAX).join(', ');
  return `no series has ${label}${operator}"${value}"; seen: ${seen}.${didYouMean(value, values)}`;
}

const VALUES_SHOWN_MAX = 10;

/** A label that is absent counts as an empty one, as in Prometheus. */
export function matchesLabel({ operator, value }: LabelMatcher, found = ''): boolean {
  if (operator === '=') return found === value;
  if (operator === '!=') return found !== value;
  // RE2 knows less than JavaScript; what it knows means the same in both.
  const isMatch = new RegExp(`^(?:${value})$`, 's').test(found);
  return operator === '=~' ? isMatch : !isMatch;
}
