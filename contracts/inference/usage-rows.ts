import type { RunningService } from '#contracts/testing/running-service.ts';
import type { ServiceUser } from '#contracts/testing/service-user.ts';

type UsageRow = Readonly<Record<string, string | null>>;

/** What the user is billed from, in the order of calls and attempts; every value as text. */
export function readUsageRows(
  { database }: RunningService,
  { name }: Pick<ServiceUser, 'name'>,
): Promise<UsageRow[]> {
  return database.query(
    `select endpoint, provider, model, model_served, outcome, is_stream, provider_status,
       input_tokens as input, cached_input_tokens as cached_input,
       cache_write_tokens as cache_write, output_tokens as output, reasoning_tokens as reasoning,
       source, cost_pico_usd, attempt
     from usage_events join users on users.id = user_id
     where users.name = '${name}' order by usage_events.created_at, attempt`,
  );
}
