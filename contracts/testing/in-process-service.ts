import { inject } from 'vitest';
import { build, loadConfig } from '#app/app.ts';
import { PROVIDER_URLS } from '#harness/cassettes/provider-url.ts';
import type { TallyConfig } from '#harness/config/tally-config.ts';
import { type DatabaseReader, openDatabaseReader } from '#harness/database/database-reader.ts';
import { createMetricsReader, type MetricsReader } from '#harness/metrics/metrics-reader.ts';
import { providerWiring } from '#harness/modes/provider-wiring.ts';
import { connectPostgres } from '#harness/stack/postgres/connect-postgres.ts';
import { SEED } from './contract-database.ts';

/** The service inside this process, on a database of its own: what it asks of providers nock sees. */
export interface InProcessService extends AsyncDisposable {
  readonly url: string;
  readonly metrics: MetricsReader;
  readonly database: DatabaseReader;
}

/** Builds it by its one door; it believes the providers to be where they really are. */
export async function startInProcessService({ service }: TallyConfig): Promise<InProcessService> {
  await using started = new AsyncDisposableStack();
  const shared = inject('sharedDatabase');
  const postgres = started.use(connectPostgres(shared.adminUrl));
  const { url: databaseUrl } = started.use(await postgres.openTemplate(shared.template).clone());
  const providers = providerWiring((provider) => PROVIDER_URLS[provider], SEED);
  const wiring = { mode: 'testing', host: '127.0.0.1', port: 0, databaseUrl, providers } as const;
  const app = await build(loadConfig({ ...service.environment(wiring), LOG_LEVEL: 'silent' }));
  started.defer(() => app.close());
  const url = await app.listen({ host: wiring.host, port: wiring.port });
  const database = started.use(await openDatabaseReader(databaseUrl));
  const owned = started.move();
  return {
    url,
    database,
    metrics: createMetricsReader({
      metricsUrl: `${url}${service.metricsPath}`,
      leaveOut: service.decayingMetrics,
      epochMetric: service.epoch?.metric,
      inFlightMetrics: service.inFlightMetrics,
    }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
