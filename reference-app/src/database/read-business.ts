import type pg from 'pg';
import type { BusinessNumbers } from '../metrics/business-metrics.ts';
import type { Query } from './meter-pool.ts';

/** One column for each gauge. */
const READ_BUSINESS: Query = {
  name: 'read-business',
  text: `select
      (select count(*) from users) as byom_users,
      (select count(api_key_hash) from users) as byom_active_api_keys,
      (select count(*) from credentials where deleted_at is null) as byom_active_credentials,
      (select count(*) from agent_sessions) as byom_agent_sessions,
      coalesce(sum(input_tokens + cached_input_tokens + cache_write_tokens + output_tokens
        + reasoning_tokens), 0) as byom_recorded_tokens,
      coalesce(sum(cost_pico_usd), 0) as byom_recorded_cost_pico_usd
    from usage_events`,
  isMetered: false,
  query_timeout: 2_000,
};

/** What only the database knows: the numbers of all instances since the beginning. */
export async function readBusiness(pool: pg.Pool): Promise<BusinessNumbers> {
  const { rows } = await pool.query<Record<keyof BusinessNumbers, string>>(READ_BUSINESS);
  const columns = Object.entries(rows[0] ?? {}).map(([name, text]) => [name, Number(text)]);
  return Object.fromEntries(columns);
}
