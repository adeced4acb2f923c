import type pg from 'pg';
import type { BusinessNumbers } from '../metrics/business-metrics.ts';
import type { Query } from './meter-pool.ts';

const READ_BUSINESS: Query = {
  name: 'read-business',
  // No sessions are stored yet: none is the number of them.
  text: `select
      (select count(*) from users) as users,
      (select count(api_key_hash) from users) as api_keys,
      (select count(*) from credentials where deleted_at is null) as credentials,
      0 as sessions,
      coalesce(sum(input_tokens + cached_input_tokens + cache_write_tokens + output_tokens
        + reasoning_tokens), 0) as tokens,
      coalesce(sum(cost_pico_usd), 0) as cost
    from usage_events`,
  isMetered: false,
  query_timeout: 2_000,
};

/** What only the database knows: the numbers of all instances since the beginning. */
export async function readBusiness(pool: pg.Pool): Promise<BusinessNumbers> {
  const { rows } = await pool.query<Record<string, string>>(READ_BUSINESS);
  const numberOf = (column: string): number => Number(rows[0]?.[column]);
  return {
    users: numberOf('users'),
    activeApiKeys: numberOf('api_keys'),
    activeCredentials: numberOf('credentials'),
    agentSessions: numberOf('sessions'),
    tokens: numberOf('tokens'),
    costPicoUsd: numberOf('cost'),
  };
}
