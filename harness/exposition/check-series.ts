import { PATTERNS } from '#harness/cassettes/redact/rules.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { MetricFamily } from '#harness/metrics/exposition.ts';
import { leftOutBy } from '#harness/metrics/left-out.ts';
import type { MetricsReading } from '#harness/metrics/read-metrics.ts';

/** What languages print where there is no value. */
const NO_VALUES: ReadonlySet<string> = new Set([
  'None',
  'undefined',
  'null',
  'NaN',
  'nil',
  '<nil>',
  '(null)',
  '[object Object]',
]);

/** What names one thing of very many: as a label value it makes a new series for each. */
const IDENTIFIERS: Readonly<Record<string, RegExp>> = {
  'a UUID': /[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}/i,
  'a hash': /\b(?=[a-f]*\d)[0-9a-f]{24,}\b/i,
  'a mail address': /[^\s@]+@[^\s@]+\.[a-z]{2,}/i,
};

/** prom-client's lag of the event loop is NaN when it is read again before there was any. */
const isOfRuntime = leftOutBy();

/** An empty value is dropped by every parser: it has to be looked for in the text. */
const EMPTY_VALUE = /^[^#\n{]+\{(?:[^\n]*,)?\s*(\w+)="".*$/gm;

/** Looks at every series of one reading: its labels name something, and only what is bounded. */
export function checkSeries(reading: MetricsReading): Finding[] {
  const families = [...reading.families.values()];
  const empty = [...reading.text.matchAll(EMPTY_VALUE)].map(([line, label]) =>
    finding('label-value', `The label "${label}" is empty: ${line}`),
  );
  return [...empty, ...families.flatMap(checkFamily)];
}

function checkFamily(family: MetricFamily): Finding[] {
  const values = family.samples.filter(
    (sample) => Number.isNaN(sample.value) && !isOfRuntime(family, sample),
  );
  const notNumbers = values.map(({ key }) =>
    finding('value', `${key} is NaN: every sum and rate that includes it is NaN too.`),
  );
  return [...notNumbers, ...checkLabelSets(family), ...checkLabelValues(family)];
}

/** A label that some series of a family lack makes their sums by it differ from the total. */
function checkLabelSets({ name, samples }: MetricFamily): Finding[] {
  const sets = Map.groupBy(samples, ({ labels, name: sampleName }) =>
    [sampleName, ...Object.keys(labels)].join(),
  );
  const bySample = Map.groupBy(sets.values(), ([first]) => first?.name);
  return [...bySample.values()].flatMap((differing) => {
    const [one, other] = differing.map(([first]) => first?.key);
    if (other === undefined) return [];
    return [
      finding('labels', `The series of ${name} differ in their labels: ${one} and ${other}.`),
    ];
  });
}

function checkLabelValues({ name, samples }: MetricFamily): Finding[] {
  if (name.endsWith('_info')) return [];
  /** Each value of each label once, with the first series that has it. */
  const values = new Map<string, { label: string; value: string; key: string }>();
  for (const { labels, key } of samples) {
    for (const [label, value] of Object.entries(labels)) {
      const pair = `${label}=${value}`;
      if (!values.has(pair)) values.set(pair, { label, value, key });
    }
  }
  const faults = [...values.values()].flatMap(({ label, value, key }) => {
    const fault = faultOf(value);
    if (fault === undefined) return [];
    const shown = fault === 'a key' ? `a series of ${name}` : key;
    return [[`${label} ${fault}`, `The label "${label}" holds ${fault}: ${shown}.`] as const];
  });
  // One of a kind, the first, is enough to know: there may be thousands.
  return [...new Map(faults.reverse()).values()].map((message) => finding('label-value', message));
}

function faultOf(value: string): string | undefined {
  if (NO_VALUES.has(value)) return `"${value}", which is no value`;
  if (Object.values(PATTERNS).some((pattern) => value.search(pattern) >= 0)) return 'a key';
  return Object.entries(IDENTIFIERS).find(([, pattern]) => pattern.test(value))?.[0];
}

function finding(check: string, message: string): Finding {
  return { check: `exposition/${check}`, message };
}
