import type { Registry } from 'prom-client';
import { createGauge } from './instruments.ts';

export interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** All series at one instant, by the name of the sample (with _sum, _count, _bucket). */
export interface Snapshot {
  readonly epoch: number;
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
}

export interface Snapshots {
  /** Raises the epoch, freezes the values that decay with time, and reads every series. */
  take(): Promise<Snapshot>;
  /** The registry as Prometheus text; changes nothing. */
  text(): Promise<string>;
  readonly contentType: string;
}

/**
 * prom-client reads some metrics at once and others a microtask later, so a read that starts
 * between two callbacks could mix two states. At the start of an immediate nothing is queued, and
 * the whole read runs before anything else can.
 */
function readAtOneInstant<T>(read: () => Promise<T>): Promise<T> {
  return new Promise((resolve) => {
    setImmediate(() => resolve(read()));
  });
}

async function readSamples(registry: Registry): Promise<Map<string, Sample[]>> {
  const samples = new Map<string, Sample[]>();
  for (const { name, values } of await registry.getMetricsAsJSON()) {
    for (const value of values) {
      const sampleName =
        'metricName' in value && typeof value.metricName === 'string' ? value.metricName : name;
      const siblings = samples.get(sampleName);
      // Copied, because a counter's own object goes on counting.
      const sample = { labels: value.labels as Sample['labels'], value: value.value };
      if (siblings === undefined) samples.set(sampleName, [sample]);
      else siblings.push(sample);
    }
  }
  return samples;
}

/**
 * The one way to read the registry. The rate of the last minute falls while nothing happens, so it
 * is set only when a snapshot is taken: a scrape that shows epoch n shows the rate of epoch n.
 */
export function createSnapshots(registry: Registry, requestsOfLastMinute: () => number): Snapshots {
  const epochGauge = createGauge(
    registry,
    'byom_snapshot_epoch',
    'How often the summary has been read.',
  );
  const rateGauge = createGauge(
    registry,
    'byom_http_request_rate_per_minute',
    'HTTP requests that ended in the 60 s before the snapshot.',
  );
  let epoch = 0;
  return {
    take: () =>
      readAtOneInstant(async () => {
        epoch += 1;
        const own = epoch;
        epochGauge.set(own);
        rateGauge.set(requestsOfLastMinute());
        return { epoch: own, samples: await readSamples(registry) };
      }),
    text: () => readAtOneInstant(() => registry.metrics()),
    contentType: registry.contentType,
  };
}
