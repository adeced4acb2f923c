import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { loadHarnessEnvironment, processEnvironment } from '#harness/config/env.ts';
import { obtainPrometheus } from '#harness/stack/embedded/prometheus/obtain-prometheus.ts';
import { startEmbeddedStack } from '#harness/stack/embedded/start-embedded-stack.ts';
import { launchServer } from '#harness/stack/launch-server.ts';
import { onFreePort } from '#harness/stack/on-free-port.ts';

const env = processEnvironment();
const { cacheDir } = loadHarnessEnvironment(env);

/** A server that nobody started for Tally, and that is used by others. */
export interface SomebodysPostgres extends AsyncDisposable {
  /** Of a role that may make databases, into the database `shop` with rows of its own. */
  readonly url: string;
  /** Of another role with other rights, e.g. "NOCREATEDB", into the same database. */
  urlOf(role: string, rights: string): Promise<string>;
  /** As its administrator, in the database `shop` when none is named. */
  query(sql: string, database?: string): Promise<Record<string, unknown>[]>;
}

export async function startSomebodysPostgres(): Promise<SomebodysPostgres> {
  const stack = await startEmbeddedStack({ cacheDir, env, slots: 0 });
  const urlTo = (database: string): URL => {
    const url = new URL(stack.postgres.adminUrl);
    url.pathname = `/${database}`;
    return url;
  };
  const query = async (sql: string, database = 'shop') => {
    const client = new Client(urlTo(database).href);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const urlOf = async (role: string, rights: string): Promise<string> => {
    await query(`CREATE ROLE ${role} LOGIN PASSWORD 'its password' ${rights}`, 'postgres');
    const url = urlTo('shop');
    url.username = role;
    url.password = 'its password';
    return url.href;
  };
  await query('CREATE DATABASE shop', 'postgres');
  await query(`CREATE TABLE orders (id int PRIMARY KEY, total text);
    INSERT INTO orders SELECT n, 'order ' || n FROM generate_series(1, 1000) AS n`);
  return {
    url: await urlOf('ci', 'CREATEDB'),
    urlOf,
    query,
    [Symbol.asyncDispose]: () => stack.stop(),
  };
}

export interface SomebodysPrometheus extends AsyncDisposable {
  readonly url: string;
}

/** It scrapes itself, and what the configuration adds. */
export async function startSomebodysPrometheus(scrapeConfigs = ''): Promise<SomebodysPrometheus> {
  const directory = await mkdtemp(join(tmpdir(), 'somebodys-prometheus-'));
  const options = { cacheDir, env, stackName: 'somebodys', progress: () => undefined };
  const { prometheus } = await obtainPrometheus(options);
  const { url, launched } = await onFreePort('Prometheus', async (port) => {
    const own = `  - job_name: own\n    scrape_interval: 1s\n    static_configs: [{targets: ['127.0.0.1:${port}']}]\n`;
    const config = `${scrapeConfigs || 'scrape_configs:\n'}${own}`;
    await writeFile(join(directory, 'prometheus.yml'), config);
    const server = await launchServer({
      file: prometheus,
      args: [
        `--config.file=${directory}/prometheus.yml`,
        `--storage.tsdb.path=${directory}/data`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      cwd: directory,
      env: {},
      readyText: 'Server is ready to receive web requests',
      readyTimeoutMs: 30_000,
      stopSignal: 'SIGKILL',
    });
    return { url: `http://127.0.0.1:${port}`, launched: server };
  });
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      await launched.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
