import type { Reconciliation } from '#harness/reconcile/reconcile.ts';
import type { ServiceCall } from '#harness/traffic/service-call.ts';

const MINUTE_MS = 60_000;

/**
 * Leaves out the facts of a window that ends now, where traffic without a pause crosses its edge.
 * A rate of the last minute is asked of Prometheus as it was a minute ago, and on a busy machine
 * its last scrape by then may be seconds older: so that fact counts only while the window holds all
 * there was. The score's window is kept by the service, and the wire knows when its edge was busy.
 */
export function withoutBusyWindows(
  { rows, findings }: Reconciliation,
  [first]: readonly ServiceCall[],
): Reconciliation {
  const aside = new Set<string>();
  if (first !== undefined && performance.now() - first.startedAtMs > MINUTE_MS)
    aside.add('http_requests_last_minute');
  const score = 'provider_health_points_lost';
  if (rows.some(({ name, wire }) => name === score && wire === 'could not read')) aside.add(score);
  return {
    rows: rows.filter(({ name }) => !aside.has(name)),
    findings: findings.filter(({ check }) => !aside.has(check.replace('reconciliation/', ''))),
  };
}
