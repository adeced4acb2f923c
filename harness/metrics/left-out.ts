import type { Exposition, Labels, MetricFamily, Sample } from './exposition.ts';
import { invalidSeries } from './invalid-series.ts';
import { MalformedSeries, readSeries } from './read-series.ts';

/** Families of the runtime, which move all the time. Always left out of movements. */
const RUNTIME_FAMILIES: readonly string[] = ['process_*', 'nodejs_*'];

/** Whether a sample of a family is left out of movements and of the signs of unrest. */
export type LeftOut = (family: MetricFamily, sample: Sample) => boolean;

/**
 * Understands patterns of what to leave out: the name of a family or of a sample, in which "*"
 * stands for any characters, with or without labels that a sample must have, e.g.
 * `byom_request_rate`, `*_created`, `http_requests_total{route="/metrics"}`. The runtime's families
 * (`process_*`, `nodejs_*`) are always left out, and so are the quantiles of summaries, which
 * decay with time. Throws HarnessError H_METRICS_SERIES.
 */
export function leftOutBy(patterns: readonly string[] = []): LeftOut {
  const matchers = [...RUNTIME_FAMILIES, ...patterns].map(toMatcher);
  return (family, sample) => matchers.some((matches) => matches(family, sample));
}

export interface KeptSample {
  readonly family: MetricFamily;
  readonly sample: Sample;
}

/**
 * Every sample that is not left out, by key, in the order of the text; without the families of
 * which all samples are the same objects in `other`.
 */
export function keptSamples(
  exposition: Exposition,
  isLeftOut: LeftOut,
  other: Exposition,
): Map<string, KeptSample> {
  const kept = new Map<string, KeptSample>();
  for (const family of exposition.families.values()) {
    if (areSame(family.samples, other.families.get(family.name)?.samples ?? [])) continue;
    for (const sample of family.samples) {
      const isQuantile = family.type === 'summary' && sample.name === family.name;
      if (!isQuantile && !isLeftOut(family, sample)) kept.set(sample.key, { family, sample });
    }
  }
  return kept;
}

function areSame(some: readonly Sample[], others: readonly Sample[]): boolean {
  return some.length === others.length && some.every((sample, index) => sample === others[index]);
}

function toMatcher(pattern: string): LeftOut {
  const [names = '', ...rest] = pattern.split('{');
  const name = new RegExp(`^${names.replace(/[^\w:*]/g, '\\$&').replaceAll('*', '.*')}$`);
  const labels = rest.length === 0 ? {} : labelsOf(pattern, `x{${rest.join('{')}`);
  return (family, sample) =>
    (name.test(family.name) || name.test(sample.name)) && hasLabels(sample.labels, labels);
}

function labelsOf(pattern: string, text: string): Labels {
  try {
    const { series, end } = readSeries(text);
    if (end === text.length) return series.labels;
  } catch (error) {
    if (!(error instanceof MalformedSeries)) throw error;
    throw invalidSeries(pattern, error);
  }
  throw invalidSeries(pattern);
}

function hasLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}
