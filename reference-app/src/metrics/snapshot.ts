import type { Registry } from 'prom-client';
import type { BusinessNumbers } from './business-metrics.ts';
import { createGauge } from './instruments.ts';
import { renderText } from './render-text.ts';

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
  /**
   * Raises the epoch, freezes what is set at a snapshot only, and reads every series. `business` is
   * what the database has just said, if it did.
   */
  take(business: BusinessNumbers | undefined): Promise<Snapshot>;
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
 * The one way to read the registry. What changes with time alone, or in the database, is set by
 * `freeze` and only when a snapshot is taken: a scrape that shows epoch n shows the values of epoch n.
 */
export function createSnapshots(
  registry: Registry,
  freeze: (business: BusinessNumbers | undefined) => void,
): Snapshots {
  const epochGauge = createGauge(
    registry,
    'byom_snapshot_epoch',
    'How often the summary has been read.',
  );
  let epoch = 0;
  return {
    take: (business) =>
      readAtOneInstant(async () => {
        epoch += 1;
        const own = epoch;
        epochGauge.set(own);
        freeze(business);
        return { epoch: own, samples: await readSamples(registry) };
      }),
    text: () => readAtOneInstant(() => renderText(registry)),
    contentType: registry.contentType,
  };
}
