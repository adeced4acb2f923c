import type { Insertable } from 'kysely';
import pg from 'pg';
import { inBatches } from '../database/in-batches.ts';
import type { Schema } from '../database/schema.ts';
import type { UsageEvent } from './usage-event.ts';

type UsageRow = Required<Omit<Insertable<Schema['usage_events']>, 'id' | 'created_at'>>;

function toRow({ tokens, ...event }: UsageEvent): UsageRow {
  return {
    inference_id: event.inferenceId,
    user_id: event.userId,
    attempt: event.attempt,
    endpoint: event.endpoint,
    provider: event.provider,
    model: event.model,
    model_requested: event.modelRequested,
    // What a provider sends may hold halves of characters, which no column takes.
    model_served: event.modelServed?.toWellFormed() ?? null,
    credential: event.credential,
    fallback_reason: event.fallbackReason ?? null,
    outcome: event.outcome,
    is_stream: event.isStream,
    provider_status: event.providerStatus ?? null,
    input_tokens: String(tokens.input),
    cached_input_tokens: String(tokens.cached_input),
    cache_write_tokens: String(tokens.cache_write),
    output_tokens: String(tokens.output),
    reasoning_tokens: String(tokens.reasoning),
    images: event.images,
    source: event.source,
    cost_pico_usd: String(event.costPicoUsd),
    is_priced: event.isPriced,
    duration_seconds: event.durationSeconds,
  };
}

/** All rows in one parameter: with one for each column, making them takes longer than the rest. */
function insertOf(events: readonly UsageEvent[]): pg.QueryConfig {
  const rows = events.map(toRow);
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  return {
    name: 'insert-usage-events',
    text: `insert into usage_events (${columns})
      select ${columns} from json_populate_recordset(null::usage_events, $1)`,
    values: [JSON.stringify(rows)],
  };
}

export type RecordUsage = (event: UsageEvent) => Promise<void>;

interface RecordUsageOptions {
  readonly pool: pg.Pool;
  /** Called once the row is committed, never before and never without. */
  readonly onCommitted: (event: UsageEvent) => void;
}

/**
 * Records one attempt. Callers await it before they end the client's answer, so no answer can
 * exist without its row, whatever happens to the process. Attempts that end while others are being
 * committed are committed together.
 */
export function createRecordUsage({ pool, onCommitted }: RecordUsageOptions): RecordUsage {
  const insert = inBatches({
    // A single statement outside a transaction block is committed when it resolves.
    run: async (events: readonly UsageEvent[]) => (await pool.query(insertOf(events))).rows,
    isOfOneItem: isRefusedRow,
  });
  return async (event) => {
    await insert(event);
    onCommitted(event);
  };
}

/** Data that a column or a constraint refuses: certainly nothing is committed then. */
function isRefusedRow(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? '');
}
