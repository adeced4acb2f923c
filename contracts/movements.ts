import type { ExpectedMovement } from '#harness/index.ts';

/**
 * Movements in the service's literal metric names, one function per thing that happens. Scenarios
 * add them up; whatever moves besides is unexplained and fails.
 */

const ROUTE = 'method="POST",route="/chat/completions"';

/** HTTP requests that ended with this status; 499 is a client that left. */
export function httpEnded(status: number, times = 1): ExpectedMovement {
  return {
    [`http_requests_total{${ROUTE},status="${status}"}`]: times,
    [`http_request_duration_seconds_count{${ROUTE}}`]: times,
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

export function inferenceEnded(
  outcome: 'success' | 'error' | 'client_abort',
  times = 1,
): ExpectedMovement {
  return {
    [`byom_inference_requests_total{endpoint="chat/completions",outcome="${outcome}"}`]: times,
  };
}

/** A call that the system paid for instead of the user. */
export function fellBack({
  from = 'openai',
  to = 'openai',
  reason,
}: {
  from?: string;
  to?: string;
  reason: 'no_credential' | 'invalid_key' | 'rate_limited' | 'provider_error' | 'unreachable';
}): ExpectedMovement {
  return {
    [`byom_fallbacks_total{from_provider="${from}",reason="${reason}",to_provider="${to}"}`]: 1,
  };
}

/** An attempt that repeated a failed one at the same provider. */
export function retried(
  reason: 'invalid_key' | 'rate_limited' | 'provider_error',
): ExpectedMovement {
  return { [`byom_provider_retries_total{provider="openai",reason="${reason}"}`]: 1 };
}

export interface AttemptMovement {
  model: string;
  outcome: 'success' | 'error' | 'cut' | 'client_abort';
  credential: 'user' | 'system';
  times?: number;
}

/** Provider requests, each with its duration. */
export function attemptEnded(attempt: AttemptMovement): ExpectedMovement {
  const { model, outcome, credential, times = 1 } = attempt;
  return {
    [`byom_provider_requests_total{credential="${credential}",model="${model}",outcome="${outcome}",provider="openai"}`]:
      times,
    [`gen_ai_client_operation_duration_seconds_count{model="${model}",provider="openai"}`]: times,
  };
}

/** A stream whose first content arrived. */
export function firstTokenSeen(model: string, times = 1): ExpectedMovement {
  return {
    [`gen_ai_server_time_to_first_token_seconds_count{model="${model}",provider="openai"}`]: times,
  };
}

export interface MeteredMovement {
  model: string;
  source: 'provider' | 'estimate';
  tokens: Readonly<Partial<Record<'input' | 'cached_input' | 'output', number>>>;
  costPicoUsd: number;
}

/**
 * OpenTelemetry's histogram of reported usage, whose input includes the cached part. It takes no
 * estimates.
 */
export function usageReported(
  model: string,
  usage: { input: number; output: number; times?: number },
): ExpectedMovement {
  const { times = 1 } = usage;
  const series = (part: 'count' | 'sum', type: 'input' | 'output'): string =>
    `gen_ai_client_token_usage_${part}{model="${model}",provider="openai",token_type="${type}"}`;
  return {
    [series('count', 'input')]: times,
    [series('count', 'output')]: times,
    [series('sum', 'input')]: usage.input,
    [series('sum', 'output')]: usage.output,
  };
}

/** Tokens and what they cost, all requests of the scenario together. */
export function metered(usage: MeteredMovement): ExpectedMovement {
  const { model, source, tokens, costPicoUsd } = usage;
  const counted = Object.entries(tokens).map(([name, amount]) => [
    `byom_tokens_total{class="${name}",model="${model}",provider="openai",source="${source}"}`,
    amount,
  ]);
  return {
    ...Object.fromEntries(counted),
    [`byom_cost_pico_usd_total{model="${model}",provider="openai",source="${source}"}`]:
      costPicoUsd,
  };
}
