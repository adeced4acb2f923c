import type { Labels, MetricFamily, Series } from './exposition.ts';
import { parseSeries } from './parse-series.ts';

/** Whether a pattern names this series of this family. */
export type SeriesPattern = (family: MetricFamily, series: Series) => boolean;

/**
 * Understands the name of a family or of a sample, in which "*" stands for any characters, with or
 * without labels that a sample must have, e.g. `byom_request_rate`, `*_created`,
 * `http_requests_total{route="/metrics"}`. Throws HarnessError H_METRICS_SERIES.
 */
export function seriesPattern(pattern: string): SeriesPattern {
  const [names = '', ...rest] = pattern.split('{');
  const name = new RegExp(`^${names.replace(/[^\w:*]/g, '\\$&').replaceAll('*', '.*')}$`);
  const labels = rest.length === 0 ? {} : parseSeries(`x{${rest.join('{')}`, pattern).labels;
  return (family, series) =>
    (name.test(family.name) || name.test(series.name)) && hasLabels(series.labels, labels);
}

function hasLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}
