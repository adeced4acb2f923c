import type { ExpectedMovement } from '#harness/index.ts';

/**
 * Movements in the service's literal metric names, one function per thing that happens; those of
 * one promise are in its own folder. Scenarios add them up; whatever moves besides is unexplained
 * and fails.
 */

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Requests of a known user to a route that ended with this status, e.g. 'GET /llm-credentials'. */
export function routeEnded(
  route: `${Method} /${string}`,
  status: number,
  times = 1,
): ExpectedMovement {
  const [method, path] = route.split(' ');
  const labels = `method="${method}",route="${path}"`;
  return {
    [`http_requests_total{${labels},status="${status}"}`]: times,
    [`http_request_duration_seconds_count{${labels}}`]: times,
    ...usersAsked(times),
  };
}

/** Movements that touch the same series, added up. */
export function added(...movements: readonly ExpectedMovement[]): ExpectedMovement {
  const sum: Record<string, number> = {};
  for (const movement of movements)
    for (const [series, change] of Object.entries(movement))
      sum[series] = (sum[series] ?? 0) + change;
  return sum;
}

/** Users looked up in the database. */
export function usersAsked(times = 1): ExpectedMovement {
  return { 'byom_user_lookups_total{source="database"}': times };
}

export function usersCached(times = 1): ExpectedMovement {
  return { 'byom_user_lookups_total{source="cache"}': times };
}
