import type { Snapshot } from '../metrics/snapshot.ts';

const PICO_USD_PER_USD = 1e12;

/** What the database has stored, of all instances since the beginning; null: it did not answer. */
export interface BusinessSummary {
  readonly total_users: number | null;
  readonly active_api_keys: number | null;
  readonly active_credentials: number | null;
  readonly agent_sessions: number | null;
  readonly total_tokens_used: number | null;
  readonly total_cost_usd: number | null;
}

export function summariseBusiness({ samples }: Snapshot): BusinessSummary {
  const read = (name: string): number | null => samples.get(name)?.[0]?.value ?? null;
  const costPicoUsd = read('byom_recorded_cost_pico_usd');
  return {
    total_users: read('byom_users'),
    active_api_keys: read('byom_active_api_keys'),
    active_credentials: read('byom_active_credentials'),
    agent_sessions: read('byom_agent_sessions'),
    total_tokens_used: read('byom_recorded_tokens'),
    total_cost_usd: costPicoUsd === null ? null : costPicoUsd / PICO_USD_PER_USD,
  };
}
