import type { Finding } from '#harness/findings/finding.ts';
import type { MetricFamily } from '#harness/metrics/exposition.ts';
import { keptSamples } from '#harness/metrics/left-out.ts';
import type { MetricsReading } from '#harness/metrics/read-metrics.ts';

/** What a service showed in all readings of its metrics. */
export interface WatchedReadings {
  /** The last reading of each process, in their order. */
  readonly lastOfProcesses: readonly MetricsReading[];
  /** How long each reading took, milliseconds. */
  readonly durationsMs: readonly number[];
  /** One for each series that went down. */
  readonly findings: readonly Finding[];
}

/** Compares each reading of a service's metrics with the one before. */
export interface ReadingsWatch extends WatchedReadings {
  observe(reading: MetricsReading): void;
  /** The next reading is of another process, whose counters start anew. */
  endProcess(): void;
}

export function createReadingsWatch(): ReadingsWatch {
  const lastOfProcesses: MetricsReading[] = [];
  const durationsMs: number[] = [];
  const decreases = new Map<string, Finding>();
  let isNewProcess = true;
  return {
    lastOfProcesses,
    durationsMs,
    get findings() {
      return [...decreases.values()];
    },
    observe(reading) {
      const before = isNewProcess ? undefined : lastOfProcesses.pop();
      if (before !== undefined) {
        for (const { key, message } of findDecreases(before, reading)) {
          if (!decreases.has(key)) decreases.set(key, { check: 'exposition/decrease', message });
        }
      }
      lastOfProcesses.push(reading);
      durationsMs.push(reading.durationMs);
      isNewProcess = false;
    },
    endProcess() {
      isNewProcess = true;
    },
  };
}

function findDecreases(
  before: MetricsReading,
  after: MetricsReading,
): { key: string; message: string }[] {
  const now = keptSamples(after, isGauge, before);
  return [...keptSamples(before, isGauge, after)].flatMap(([key, { family, sample }]) => {
    const value = now.get(key)?.sample.value;
    if (value !== undefined && !(value < sample.value)) return [];
    const became =
      value === undefined
        ? `vanished; it was ${sample.value}`
        : `went down from ${sample.value} to ${value}`;
    const message = `${key} ${became}. To Prometheus a ${family.type} that falls was restarted: rate() and increase() count it wrongly.`;
    return [{ key, message }];
  });
}

/** Anything else only ever grows; the sum of a histogram too, as nothing negative is observed. */
function isGauge({ type }: MetricFamily): boolean {
  return type === 'gauge' || type === 'untyped';
}
