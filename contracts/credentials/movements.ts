import type { ExpectedMovement } from '#harness/index.ts';

/** Movements of the credential routes in the service's literal metric names. */

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
    'byom_user_lookups_total{source="database"}': times,
  };
}

export function changed(
  change: 'created' | 'updated' | 'key_replaced' | 'made_default' | 'deleted',
  times = 1,
): ExpectedMovement {
  return { [`byom_credential_changes_total{change="${change}",provider="openai"}`]: times };
}

export function validated(result: 'valid' | 'invalid' | 'could_not_ask'): ExpectedMovement {
  return { [`byom_credential_validations_total{provider="openai",result="${result}"}`]: 1 };
}

/** Times that a stored key could not be decrypted. */
export function unreadable(times = 1): ExpectedMovement {
  return { 'byom_credential_decrypt_failures_total{provider="openai"}': times };
}
