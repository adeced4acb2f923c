import type { Finding } from '#harness/findings/finding.ts';
import type { Exposition, Sample } from '#harness/metrics/exposition.ts';
import { toSeries } from '#harness/metrics/read-series.ts';

/**
 * Compares the sums of two metrics that count the same things, for each combination of the labels
 * that both have: the outcomes of a request must add up to the requests.
 */
export function checkTotals(
  { families }: Exposition,
  totals: Readonly<Record<string, string>>,
): Finding[] {
  const samples = [...families.values()].flatMap((family) => family.samples);
  return Object.entries(totals).flatMap(([one, other]) => {
    const pair = [one, other].map((name) => samples.filter((sample) => sample.name === name));
    const [ones = [], others = []] = pair;
    const absent = [one, other].filter((_, index) => pair[index]?.length === 0);
    if (absent.length > 0) {
      return [finding(`There is no ${absent.join(' and no ')} to compare ${one} and ${other}.`)];
    }
    const common = Object.keys(ones[0]?.labels ?? {}).filter((label) =>
      Object.hasOwn(others[0]?.labels ?? {}, label),
    );
    const [sums, otherSums] = [sumBy(ones, common), sumBy(others, common)];
    return [...new Set([...sums.keys(), ...otherSums.keys()])].flatMap((labels) => {
      const [sum = 0, otherSum = 0] = [sums.get(labels), otherSums.get(labels)];
      if (sum === otherSum) return [];
      return [finding(`${one}${labels} adds up to ${sum}, and ${other}${labels} to ${otherSum}.`)];
    });
  });
}

/** The sums by these labels, under the labels as text. */
function sumBy(samples: readonly Sample[], names: readonly string[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { labels, value } of samples) {
    const key = toSeries(
      '',
      names.map((name) => [name, labels[name] ?? '']),
    ).key;
    sums.set(key, (sums.get(key) ?? 0) + value);
  }
  return sums;
}

function finding(message: string): Finding {
  return { check: 'exposition/total', message };
}
