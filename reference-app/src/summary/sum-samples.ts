import type { Sample, Snapshot } from '../metrics/snapshot.ts';

/** sum(name) over the samples that pass, as PromQL's sum; 0 when there is none. */
export function sumSamples(
  { samples }: Snapshot,
  name: string,
  passes: (labels: Sample['labels']) => boolean = () => true,
): number {
  let sum = 0;
  for (const { labels, value } of samples.get(name) ?? []) if (passes(labels)) sum += value;
  return sum;
}

/** numerator / denominator to two decimals, computed as PromQL's round(x, 0.01); 0 when idle. */
export function divideToHundredths(numerator: number, denominator: number): number {
  if (denominator === 0) return 0;
  return Math.floor((numerator / denominator) * 100 + 0.5) / 100;
}
