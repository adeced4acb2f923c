import type { Exposition } from './exposition.ts';
import { keptSamples, type LeftOut } from './left-out.ts';

export interface RestWatchOptions {
  isLeftOut: LeftOut;
  /** Gauges by which the service says that it is still at work. */
  inFlightMetrics: readonly string[];
  /** How many calls are open on purpose, and so in flight at rest. */
  heldOpen: () => number;
  /** How long a gauge in flight must stand still to be taken for stuck, milliseconds. */
  stuckAfterMs: number;
}

/** Tells from successive readings of /metrics whether the service is at rest. */
export interface RestWatch {
  /** Why the service is not at rest with this reading, or undefined when it is. */
  observe(exposition: Exposition, nowMs: number): string | undefined;
  /** Forgets the readings so far: the next one is the first. */
  restart(): void;
}

/**
 * At rest means: equal to the reading before, and nothing in flight that is not held open. A gauge
 * that stands still all the same is waited for once, and then it is the movement that tells of it.
 */
export function createRestWatch(options: RestWatchOptions): RestWatch {
  const { isLeftOut, inFlightMetrics, heldOpen, stuckAfterMs } = options;
  let previous: Exposition | undefined;
  let equalSinceMs = 0;
  let inFlightAtRest = '';
  return {
    restart() {
      previous = undefined;
    },
    observe(exposition, nowMs) {
      const changed = previous && differences(previous, exposition, isLeftOut);
      previous = exposition;
      if (changed === undefined || changed.length > 0) equalSinceMs = nowMs;
      if (changed === undefined) return 'it was read once only';
      if (changed.length > 0) return `${changed.slice(0, 5).join('; ')} changed between readings`;
      const inFlight = inFlightOf(exposition, inFlightMetrics, heldOpen());
      const isNews = inFlight !== '' && inFlight !== inFlightAtRest;
      if (isNews && nowMs - equalSinceMs < stuckAfterMs) return `${inFlight} is in flight`;
      inFlightAtRest = inFlight;
      return undefined;
    },
  };
}

/** The series that differ between two readings, apart from those left out, e.g. "x: 1 → 2". */
export function differences(one: Exposition, other: Exposition, isLeftOut: LeftOut): string[] {
  const before = keptSamples(one, isLeftOut, other);
  const changed: string[] = [];
  for (const [key, { sample }] of keptSamples(other, isLeftOut, one)) {
    const was = before.get(key)?.sample.text ?? 'absent';
    if (was !== sample.text) changed.push(`${key}: ${was} → ${sample.text}`);
    before.delete(key);
  }
  for (const [key, { sample }] of before) changed.push(`${key}: ${sample.text} → absent`);
  return changed;
}

/** The gauges that are not what is held open, e.g. "x_in_progress 1"; "" when there is none. */
function inFlightOf({ families }: Exposition, metrics: readonly string[], held: number): string {
  return metrics
    .map((metric) => families.get(metric)?.samples ?? [])
    .filter((samples) => samples.reduce((sum, { value }) => sum + value, 0) !== held)
    .flat()
    .map(({ key, text }) => `${key} ${text}`)
    .join(', ');
}
