import type pg from 'pg';
import type { UsageEvent } from './usage-event.ts';

const INSERT_USAGE_EVENT = {
  name: 'insert-usage-event',
  text: `insert into usage_events (
      inference_id, user_id, endpoint, provider, model, model_requested, model_served, credential,
      outcome, is_stream, provider_status, input_tokens, cached_input_tokens, cache_write_tokens,
      output_tokens, reasoning_tokens, source, cost_pico_usd, is_priced, duration_seconds,
      attempt, fallback_reason, images
    ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
      $21, $22, $23)`,
};

function toRow({ tokens, ...event }: UsageEvent): unknown[] {
  return [
    event.inferenceId,
    event.userId,
    event.endpoint,
    event.provider,
    event.model,
    event.modelRequested,
    event.modelServed,
    event.credential,
    event.outcome,
    event.isStream,
    event.providerStatus,
    tokens.input,
    tokens.cached_input,
    tokens.cache_write,
    tokens.output,
    tokens.reasoning,
    event.source,
    event.costPicoUsd,
    event.isPriced,
    event.durationSeconds,
    event.attempt,
    event.fallbackReason,
    event.images,
  ];
}

export type RecordUsage = (event: UsageEvent) => Promise<void>;

interface RecordUsageOptions {
  readonly pool: pg.Pool;
  /** Called once the row is committed, never before and never without. */
  readonly onCommitted: (event: UsageEvent) => void;
}

/**
 * Records one attempt. Callers await it before they end the client's answer, so no answer can
 * exist without its row, whatever happens to the process.
 */
export function createRecordUsage({ pool, onCommitted }: RecordUsageOptions): RecordUsage {
  return async (event) => {
    // A single statement outside a transaction block is committed when it resolves.
    await pool.query({ ...INSERT_USAGE_EVENT, values: toRow(event) });
    onCommitted(event);
  };
}
