import type { Labels } from './exposition.ts';
import type { PromqlClient } from './promql-client.ts';
import { readSeries } from './read-series.ts';

const TIMEOUT_MS = 1_000;

/** What Prometheus says of the target that a selector means; one sentence, never an error. */
export async function describeTarget(promql: PromqlClient, selector: string): Promise<string> {
  try {
    const wanted = readSeries(`target{${selector}}`).series.labels;
    const targets = await promql.targets({ signal: AbortSignal.timeout(TIMEOUT_MS) });
    const target = targets.find(({ labels }) => hasAll(labels, wanted));
    if (target === undefined) return 'Prometheus knows no such target.';
    const { health, lastError } = target;
    const error = lastError === '' ? 'no error' : `the error "${lastError}"`;
    return `The target's health is "${health}", with ${error} at its last scrape.`;
  } catch {
    // Selectors with =~ and APIs without targets (Mimir, Thanos) tell nothing more.
    return 'The target could not be asked for.';
  }
}

function hasAll(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}
