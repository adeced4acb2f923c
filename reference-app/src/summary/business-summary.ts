import { z } from 'zod';
import type { Snapshot } from '../metrics/snapshot.ts';

const PICO_USD_PER_USD = 1e12;

/** What the database has stored, of all instances since the beginning; null: it did not answer. */
export const businessSummary = z.object({
  total_users: z.int().nullable(),
  active_api_keys: z.int().nullable(),
  active_credentials: z.int().nullable(),
  agent_sessions: z.int().nullable(),
  total_tokens_used: z.int().nullable(),
  total_cost_usd: z.number().nullable(),
});

export function summariseBusiness({ samples }: Snapshot): z.infer<typeof businessSummary> {
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
