import type { ExpositionConfig } from '#harness/config/tally-config.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { WatchedReadings } from './watch-readings.ts';

/** What one reading of /metrics costs: the largest one, and the time of the median. */
export interface ReadingCost {
  readonly bytes: number;
  readonly series: number;
  readonly durationMs: number;
  /** How many readings there were. */
  readonly readings: number;
}

export function costOf(watched: readonly WatchedReadings[]): ReadingCost {
  const last = watched.flatMap(({ lastOfProcesses }) => lastOfProcesses);
  const durations = watched.flatMap(({ durationsMs }) => durationsMs).sort((a, b) => a - b);
  const seriesOf = ({ families }: (typeof last)[number]): number =>
    [...families.values()].reduce((sum, { samples }) => sum + samples.length, 0);
  return {
    bytes: Math.max(0, ...last.map(({ bytes }) => bytes)),
    series: Math.max(0, ...last.map(seriesOf)),
    durationMs: Math.round(durations[Math.floor(durations.length / 2)] ?? 0),
    readings: durations.length,
  };
}

/** A finding for each limit that is exceeded. */
export function checkCost(
  cost: ReadingCost,
  limits: NonNullable<ExpositionConfig['limits']>,
): Finding[] {
  return (['bytes', 'series', 'durationMs'] as const).flatMap((name) => {
    const { [name]: limit = Number.POSITIVE_INFINITY } = limits;
    if (cost[name] <= limit) return [];
    const message = `A reading of /metrics costs ${describeCost(cost)}; the limit of ${name} is ${limit}.`;
    const fix = `Look for label values that nobody asks for, or raise exposition.limits.${name}.`;
    return [{ check: `exposition/${name}`, message, fix }];
  });
}

/** e.g. "4400 series, 480 KB, 6 ms (median of 812 readings)". */
export function describeCost({ bytes, series, durationMs, readings }: ReadingCost): string {
  return `${series} series, ${Math.round(bytes / 1_000)} KB, ${durationMs} ms (median of ${readings} readings)`;
}
