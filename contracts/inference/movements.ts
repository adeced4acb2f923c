import type { ExpectedMovement } from '#harness/index.ts';

/** Movements of inference at any endpoint and provider, in the service's literal metric names. */

type Endpoint = 'chat/completions' | 'messages' | 'images/generations';

/** One call of a known user that reached a provider. */
export function callEnded(
  endpoint: Endpoint,
  { status, outcome }: { status: number; outcome: 'success' | 'error' | 'client_abort' },
): ExpectedMovement {
  return {
    ...callRefused(endpoint, status),
    [`byom_inference_requests_total{endpoint="${endpoint}",outcome="${outcome}"}`]: 1,
  };
}

/** One call of a known user that the service refused itself. */
export function callRefused(endpoint: Endpoint, status: number): ExpectedMovement {
  const route = `method="POST",route="/${endpoint}"`;
  return {
    [`http_requests_total{${route},status="${status}"}`]: 1,
    [`http_request_duration_seconds_count{${route}}`]: 1,
    'byom_user_lookups_total{source="database"}': 1,
  };
}

interface Served {
  readonly provider: 'openai' | 'google' | 'anthropic' | 'azure';
  /** The catalogue's name. */
  readonly model: string;
}

/** One attempt with the user's own key. */
export function attempted(
  { provider, model }: Served,
  {
    outcome,
    hasContent = false,
  }: { outcome: 'success' | 'error' | 'cut' | 'client_abort'; hasContent?: boolean },
): ExpectedMovement {
  const labels = `model="${model}",provider="${provider}"`;
  return {
    [`byom_provider_requests_total{credential="user",model="${model}",outcome="${outcome}",provider="${provider}"}`]: 1,
    [`gen_ai_client_operation_duration_seconds_count{${labels}}`]: 1,
    ...(hasContent && { [`gen_ai_server_time_to_first_token_seconds_count{${labels}}`]: 1 }),
  };
}

interface Bill {
  readonly source: 'provider' | 'estimate';
  readonly tokens: Readonly<
    Partial<Record<'input' | 'cached_input' | 'cache_write' | 'output' | 'reasoning', number>>
  >;
  readonly costPicoUsd: number;
}

/** Tokens and what they cost; OpenTelemetry's histogram takes what was reported, no estimates. */
export function billed(
  { provider, model }: Served,
  { source, tokens, costPicoUsd }: Bill,
): ExpectedMovement {
  const { input = 0, cached_input = 0, cache_write = 0, output = 0, reasoning = 0 } = tokens;
  const usage = { input: input + cached_input + cache_write, output: output + reasoning };
  const reported = Object.entries(usage).flatMap(([type, sum]) => {
    const labels = `model="${model}",provider="${provider}",token_type="${type}"`;
    return [
      [`gen_ai_client_token_usage_count{${labels}}`, 1],
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
