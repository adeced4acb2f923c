import { resolve } from 'node:path';
import type { Endpoint, ExternalEnvironment } from '#harness/config/env.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { createGrafanaClient } from '#harness/grafana/grafana-client.ts';
import { workRoot } from '#harness/stack/embedded/stack-directories.ts';
import { removeDirectories } from '#harness/stack/embedded/sweep.ts';
import type { AbsentServer, GrafanaServer, Stack } from '#harness/stack/stack.ts';
import { createStackName } from '#harness/stack/stack-name.ts';
import { connectExternalPostgres } from './postgres/connect-external-postgres.ts';
import { connectExternalPrometheus } from './prometheus/connect-external-prometheus.ts';

export interface ExternalStackOptions {
  external: ExternalEnvironment;
  /** Where promtool is kept, if it is not on PATH. */
  cacheDir: string;
  env: Readonly<Record<string, string | undefined>>;
  prometheusMirror?: string | undefined;
  progress?: ((line: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Uses servers that somebody runs: Postgres of DATABASE_URL, Prometheus of PROMETHEUS_URL, and
 * Grafana of GRAFANA_URL if there is one. Stopping removes what was made on them. Throws H_STACK_*.
 */
export async function startExternalStack(options: ExternalStackOptions): Promise<Stack> {
  const { external, progress = () => undefined, signal } = options;
  const { databaseUrl, prometheus: endpoint } = external;
  if (databaseUrl === undefined || endpoint === undefined) throw missingUrls(external);
  signal?.throwIfAborted();
  const stackName = await createStackName();
  const cacheDir = resolve(options.cacheDir);
  await using started = new AsyncDisposableStack();
  const postgres = await connectExternalPostgres({
    databaseUrl,
    owner: stackName.replaceAll('-', '_'),
    allowProduction: external.allowProduction,
  });
  started.defer(() => postgres.stop());
  started.defer(() => removeDirectories(stackName, [workRoot(cacheDir)]));
  const prometheus = await connectExternalPrometheus({
    ...options,
    endpoint,
    listen: external.scrapeListen,
    cacheDir,
    stackName,
    progress,
  });
  started.defer(() => prometheus.stop());
  const grafana = await connectGrafana(external.grafana, signal);
  const owned = started.move();
  const stop = async (): Promise<void> => await owned.disposeAsync();
  return {
    backend: 'external',
    postgres: postgres.server,
    prometheus: prometheus.server,
    grafana,
    // Who runs them also knows when they end.
    failure: new AbortController().signal,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function connectGrafana(
  endpoint: Endpoint | undefined,
  signal: AbortSignal | undefined,
): Promise<GrafanaServer | AbsentServer> {
  if (endpoint === undefined) return { absent: 'GRAFANA_URL is not set' };
  const { version } = await createGrafanaClient(endpoint, signal).health();
  return { ...endpoint, version };
}

function missingUrls({ databaseUrl, prometheus }: ExternalEnvironment): HarnessError {
  const missing = [
    ...(databaseUrl === undefined ? ['DATABASE_URL (postgres://…)'] : []),
    ...(prometheus === undefined ? ['PROMETHEUS_URL'] : []),
  ];
  return new HarnessError(
    `External servers were asked for, and ${missing.join(' and ')} is not set.`,
    {
      code: 'H_STACK_EXTERNAL_URLS',
      fix: 'Set DATABASE_URL and PROMETHEUS_URL, or use another --stack.',
    },
  );
}
