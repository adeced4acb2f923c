import type { Finding } from '#harness/findings/finding.ts';
import type { MetricFamily } from '#harness/metrics/exposition.ts';

/** Prometheus sets them itself: the service's own would become exported_job, exported_instance. */
const TARGET_LABELS: ReadonlySet<string> = new Set(['job', 'instance']);

/** A convention that is not kept; a reason in the configuration can allow it. */
export interface ConventionFinding extends Finding {
  readonly metric: string;
}

/**
 * The conventions on names and units that promtool does not know.
 * https://prometheus.io/docs/practices/naming (read 2026-11-22)
 */
export function checkNames(family: MetricFamily): ConventionFinding[] {
  const { name, type, samples } = family;
  const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
  const said = [
    ...(type === 'untyped' ? ['has no TYPE'] : []),
    ...[...labels]
      .filter((label) => name.includes(`_by_${label}`) || name.includes(`_per_${label}`))
      .map((label) => `names its label "${label}", which every query by it says anyway`),
    ...[...labels]
      .filter((label) => TARGET_LABELS.has(label))
      .map((label) => `has a label "${label}", which Prometheus gives to every series itself`),
    ...[...labels]
      .filter((label) => !/^[a-z][a-z0-9_]*$/.test(label))
      .map((label) => `has a label "${label}" that is not in snake_case`),
    ...(/_(?:percent|percentage)(?:_|$)/.test(name)
      ? ['counts in percent, where Prometheus has a ratio']
      : []),
    ...(name.endsWith('_info') ? notInfo(family) : []),
  ];
  return said.map((what) => ({
    metric: name,
    check: 'exposition/name',
    message: `${name} ${what}.`,
  }));
}

function notInfo({ type, samples }: MetricFamily): string[] {
  const other = samples.find(({ value }) => value !== 1);
  if (other !== undefined) return [`is ${other.value}, where an _info is always 1`];
  return type === 'gauge' || type === 'untyped' ? [] : [`is a ${type}, where an _info is a gauge`];
}
