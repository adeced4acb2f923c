import type { Reconciliation } from '#harness/reconcile/reconcile.ts';

/**
 * Facts of a window that ends now. In traffic without a pause a call may end so close to the
 * window's edge that the wire cannot say on which side: then the fact could not be read, and only
 * then is it left out.
 */
const WINDOWED = ['http_requests_last_minute', 'provider_health_points_lost'];

export function withoutBusyWindows({ rows, findings }: Reconciliation): Reconciliation {
  const busy = WINDOWED.filter((fact) =>
    rows.some(({ name, wire }) => name === fact && wire === 'could not read'),
  );
  const isAside = (name: string): boolean => busy.includes(name);
  return {
    rows: rows.filter(({ name }) => !isAside(name)),
    findings: findings.filter(({ check }) => !isAside(check.replace('reconciliation/', ''))),
  };
}
