import { resolve } from 'node:path';
import type { Stack } from '#harness/stack/stack.ts';
import { SCRAPE_INTERVAL_DEFAULT_MS } from '../prometheus/prometheus-config.ts';
import { createStackName } from '../stack-name.ts';
import { guardDirectories } from './guard-directories.ts';
import { type EmbeddedPostgres, startPostgres } from './postgres/start-postgres.ts';
import { type EmbeddedPrometheus, startPrometheus } from './prometheus/start-prometheus.ts';
import {
  createProgramDirectory,
  createRunDirectory,
  RUN_ROOTS,
  workRoot,
} from './stack-directories.ts';
import { removeDirectories, removeStack, sweepDeadStacks } from './sweep.ts';

const SLOTS_DEFAULT = 8;

export interface EmbeddedStackOptions {
  /** Where fetched programs and the initialised cluster are kept between runs. */
  cacheDir: string;
  /** The environment of the harness: PATH, and what apt-get reads. */
  env: Readonly<Record<string, string | undefined>>;
  /** Base URL of a mirror of Prometheus' releases. */
  prometheusMirror?: string | undefined;
  /** Told what takes long, e.g. a download; one line each. */
  progress?: ((line: string) => void) | undefined;
  /** Aborts the start. */
  signal?: AbortSignal | undefined;
  /** How many services can be scraped at the same time; 8 by default. */
  slots?: number | undefined;
  /** 250 by default. */
  scrapeIntervalMs?: number | undefined;
}

/**
 * Starts Postgres and Prometheus on this machine without containers, side by side with any number
 * of other stacks. First removes what stacks of killed processes left. Throws H_STACK_*; nothing
 * runs and nothing is left then.
 */
export async function startEmbeddedStack(options: EmbeddedStackOptions): Promise<Stack> {
  options.signal?.throwIfAborted();
  const cacheDir = resolve(options.cacheDir);
  const roots = [...RUN_ROOTS, workRoot(cacheDir)];
  await sweepDeadStacks(roots);
  const name = await createStackName();
  const guard = guardDirectories(name, roots);
  try {
    const servers = await startServers(name, { ...options, cacheDir });
    return createStack(servers, async () => {
      await stopServers(servers);
      await removeDirectories(name, roots);
      await guard.dismiss();
    });
  } catch (error) {
    // With its processes: a download that was stopped may have children that still write.
    await removeStack(name, roots);
    await guard.dismiss();
    throw error;
  }
}

interface Servers {
  postgres: EmbeddedPostgres;
  prometheus: EmbeddedPrometheus;
}

function createStack({ postgres, prometheus }: Servers, tearDown: () => Promise<void>): Stack {
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    stopped ??= tearDown();
    await stopped;
  };
  return {
    backend: 'embedded',
    postgres: postgres.server,
    prometheus: prometheus.server,
    failure: new AbortController().signal,
    grafana: { absent: 'the embedded stack has none; --stack containers starts one' },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Starts both side by side. When one fails the other is stopped, and the first reason thrown. */
async function startServers(name: string, options: EmbeddedStackOptions): Promise<Servers> {
  const failed = new AbortController();
  const shared = {
    stackName: name,
    cacheDir: options.cacheDir,
    env: options.env,
    runDirectory: await createRunDirectory(name),
    progress: options.progress ?? (() => undefined),
    signal: AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])]),
  };
  const abortOther = (reason: unknown): never => {
    failed.abort(reason);
    throw reason;
  };
  const [prometheus, postgres] = await Promise.allSettled([
    startPrometheus({
      ...shared,
      prometheusMirror: options.prometheusMirror,
      slots: options.slots ?? SLOTS_DEFAULT,
      scrapeIntervalMs: options.scrapeIntervalMs ?? SCRAPE_INTERVAL_DEFAULT_MS,
    }).catch(abortOther),
    startPostgres({
      ...shared,
      createCopyDirectory: async () => await createProgramDirectory(name),
    }).catch(abortOther),
  ]);
  if (prometheus.status === 'fulfilled' && postgres.status === 'fulfilled') {
    return { prometheus: prometheus.value, postgres: postgres.value };
  }
  if (prometheus.status === 'fulfilled') await prometheus.value.stop();
  if (postgres.status === 'fulfilled') await postgres.value.stop();
  throw failed.signal.reason;
}

async function stopServers({ postgres, prometheus }: Servers): Promise<void> {
  await Promise.all([postgres.stop(), prometheus.stop()]);
}
