import { type Fact, notAWitness } from '#harness/index.ts';
import * as wire from './wire.ts';

const NO_SUCH_FIELD = notAWitness('The summary shows totals only.');

/** Each attempt but the first of its inference, with the one before it. */
const WITH_BEFORE = `usage_events as attempt join usage_events as before
  on before.inference_id = attempt.inference_id and before.attempt = attempt.attempt - 1`;

/** What followed an attempt that failed: the same door again, or another one. */
export const attemptFacts: readonly Fact[] = [
  {
    name: 'provider_retries',
    says: 'Attempts that followed a failed one at the same provider, by why that one failed.',
    labels: ['provider', 'reason'],
    equality: 'integer',
    wire: wire.providerRetries,
    database: `select attempt.provider, case when before.provider_status in (401, 403)
        then 'invalid_key' when before.provider_status = 429 then 'rate_limited'
        else 'provider_error' end as reason, count(*) as value
      from ${WITH_BEFORE}
      where (attempt.provider, attempt.credential, attempt.model_requested)
        = (before.provider, before.credential, before.model_requested)
      group by 1, 2`,
    summary: NO_SUCH_FIELD,
    promql: 'sum by (provider, reason) (byom_provider_retries_total{$service})',
  },
  {
    name: 'fallbacks',
    says: 'Calls that the system paid for instead of the user, by who served and why.',
    labels: ['to_provider', 'reason'],
    equality: 'integer',
    wire: wire.fallbacks,
    database: `select provider as to_provider, fallback_reason as reason,
        count(distinct inference_id) as value
      from usage_events where fallback_reason is not null group by 1, 2`,
    summary: NO_SUCH_FIELD,
    promql: 'sum by (to_provider, reason) (byom_fallbacks_total{$service})',
  },
  {
    name: 'fallback_ways',
    says: 'The same calls, by the provider that the user had asked, too.',
    labels: ['from_provider', 'to_provider', 'reason'],
    equality: 'integer',
    wire: wire.fallbacks,
    database: notAWitness('The row of a call without credential does not say who was asked for.'),
    summary: NO_SUCH_FIELD,
    promql: 'sum by (from_provider, to_provider, reason) (byom_fallbacks_total{$service})',
  },
];
