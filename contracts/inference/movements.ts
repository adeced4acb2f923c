import { routeEnded } from '#contracts/movements.ts';
import type { ExpectedMovement } from '#harness/index.ts';

/** Movements of inference at any endpoint and provider, in the service's literal metric names. */

type Endpoint = 'chat/completions' | 'messages' | 'images/generations';

interface CallMovement {
  readonly status: number;
  readonly outcome: 'success' | 'error' | 'client_abort';
  readonly times?: number;
}

/** Calls of a known user that reached a provider; status 499 is a client that left. */
export function callEnded(
  endpoint: Endpoint,
  { status, outcome, times = 1 }: CallMovement,
): ExpectedMovement {
  return {
    ...routeEnded(`POST /${endpoint}`, status, times),
    [`byom_inference_requests_total{endpoint="${endpoint}",outcome="${outcome}"}`]: times,
  };
}

interface Served {
  readonly provider: 'openai' | 'google' | 'anthropic' | 'azure';
  /** The catalogue's name. */
  readonly model: string;
}

interface AttemptMovement {
  readonly outcome: 'success' | 'error' | 'cut' | 'client_abort';
  /** A stream whose first content arrived. */
  readonly hasContent?: boolean;
  /** Whose key paid; the user's own when left out. */
  readonly credential?: 'user' | 'system';
  readonly times?: number;
}

/** Attempts at a provider, each with its duration. */
export function attempted(
  { provider, model }: Served,
  { outcome, hasContent = false, credential = 'user', times = 1 }: AttemptMovement,
): ExpectedMovement {
  const labels = `model="${model}",provider="${provider}"`;
  return {
    [`byom_provider_requests_total{credential="${credential}",model="${model}",outcome="${outcome}",provider="${provider}"}`]:
      times,
    [`gen_ai_client_operation_duration_seconds_count{${labels}}`]: times,
    ...(hasContent && { [`gen_ai_server_time_to_first_token_seconds_count{${labels}}`]: times }),
  };
}

interface Bill {
  readonly source: 'provider' | 'estimate';
  /** Of all answers together. */
  readonly tokens: Readonly<
    Partial<Record<'input' | 'cached_input' | 'cache_write' | 'output' | 'reasoning', number>>
  >;
  readonly costPicoUsd: number;
  /** How many answers reported usage. */
  readonly times?: number;
}

/** Tokens and what they cost; OpenTelemetry's histogram takes what was reported, no estimates. */
export function billed(
  { provider, model }: Served,
  { source, tokens, costPicoUsd, times = 1 }: Bill,
): ExpectedMovement {
  const { input = 0, cached_input = 0, cache_write = 0, output = 0, reasoning = 0 } = tokens;
  const usage = { input: input + cached_input + cache_write, output: output + reasoning };
  const reported = Object.entries(usage).flatMap(([type, sum]) => {
    const labels = `model="${model}",provider="${provider}",token_type="${type}"`;
    return [
      [`gen_ai_client_token_usage_count{${labels}}`, times],
      [`gen_ai_client_token_usage_sum{${labels}}`, sum],
    ];
  });
  const counted = Object.entries(tokens).map(([name, amount]) => [
    `byom_tokens_total{class="${name}",model="${model}",provider="${provider}",source="${source}"}`,
    amount,
  ]);
  const cost = `byom_cost_pico_usd_total{model="${model}",provider="${provider}",source="${source}"}`;
  return {
    ...Object.fromEntries(counted),
    ...(source === 'provider' && Object.fromEntries(reported)),
    [cost]: costPicoUsd,
  };
}

interface Fallback {
  readonly from?: Served['provider'];
  readonly to?: Served['provider'];
  readonly reason: 'no_credential' | FailureReason;
}

type FailureReason = 'invalid_key' | 'rate_limited' | 'provider_error' | 'unreachable';

/** A call that the system paid for instead of the user. */
export function fellBack({ from = 'openai', to = 'openai', reason }: Fallback): ExpectedMovement {
  return {
    [`byom_fallbacks_total{from_provider="${from}",reason="${reason}",to_provider="${to}"}`]: 1,
  };
}

/** Attempts that repeated a failed one at the same provider. */
export function retried(
  provider: Served['provider'],
  reason: FailureReason,
  times = 1,
): ExpectedMovement {
  return { [`byom_provider_retries_total{provider="${provider}",reason="${reason}"}`]: times };
}
