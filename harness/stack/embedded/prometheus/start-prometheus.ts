import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { LaunchError, type LaunchedServer, launchServer } from '#harness/stack/launch-server.ts';
import { onFreePort } from '#harness/stack/on-free-port.ts';
import { prometheusConfig } from '#harness/stack/prometheus/prometheus-config.ts';
import { createScrapeSlots } from '#harness/stack/prometheus/scrape-slots.ts';
import { type SlotProxy, startSlotProxy } from '#harness/stack/prometheus/slot-proxy.ts';
import { waitForFirstScrapes } from '#harness/stack/prometheus/wait-for-first-scrapes.ts';
import type { PrometheusServer } from '#harness/stack/stack.ts';
import { explainWriteFailure } from '../cache-failure.ts';
import { obtainPrometheus } from './obtain-prometheus.ts';
import type { ObtainPrometheusOptions } from './prometheus-source.ts';

const READY_TIMEOUT_MS = 30_000;

export interface StartPrometheusOptions extends ObtainPrometheusOptions {
  runDirectory: string;
  slots: number;
  scrapeIntervalMs: number;
}

/** A Prometheus whose data ends with the stack. */
export interface EmbeddedPrometheus {
  readonly server: PrometheusServer;
  stop(): Promise<void>;
}

/** Starts Prometheus and the proxy of its slots. Throws H_STACK_*; nothing runs then. */
export async function startPrometheus(
  options: StartPrometheusOptions,
): Promise<EmbeddedPrometheus> {
  const { scrapeIntervalMs, signal } = options;
  const binaries = await obtainPrometheus(options);
  const slotNames = Array.from({ length: options.slots }, (_, index) => `slot-${index}`);
  const proxy = await startSlotProxy();
  const stopping = new AbortController();
  try {
    const directory = join(options.runDirectory, 'prometheus');
    await mkdir(directory, { mode: 0o700 });
    const config = prometheusConfig({ slots: slotNames, proxyUrl: proxy.url, scrapeIntervalMs });
    await writeFile(join(directory, 'prometheus.yml'), config);
    const { launched, url } = await launch(binaries.prometheus, directory, signal);
    const scraping = waitForFirstScrapes({
      prometheusUrl: url,
      targets: slotNames.length,
      signal: stopping.signal,
    });
    scraping.catch(() => undefined); // Whoever waits for it hears of the failure.
    const slots = createScrapeSlots({ names: slotNames, proxy, prometheusUrl: url });
    return {
      server: {
        url,
        version: binaries.version,
        promtool: binaries.promtool,
        scrapeIntervalMs,
        scraping,
        claimSlot: async () => await slots.claim(),
        ownSlot: slots.own,
      },
      stop: async () => {
        stopping.abort();
        await stopServers(launched, proxy);
      },
    };
  } catch (error) {
    await proxy.close();
    throw error;
  }
}

async function stopServers(launched: LaunchedServer, proxy: SlotProxy): Promise<void> {
  await launched.stop();
  await proxy.close();
}

interface RunningPrometheus {
  launched: LaunchedServer;
  url: string;
}

async function launch(
  prometheus: string,
  directory: string,
  signal: AbortSignal | undefined,
): Promise<RunningPrometheus> {
  const start = async (port: number): Promise<RunningPrometheus> => {
    const launched = await launchServer({
      file: prometheus,
      args: [
        `--config.file=${join(directory, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(directory, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--web.enable-remote-write-receiver',
      ],
      cwd: directory,
      env: {},
      readyText: 'Server is ready to receive web requests',
      readyTimeoutMs: READY_TIMEOUT_MS,
      stopSignal: 'SIGKILL', // Its data is thrown away, so there is nothing to end in order.
      signal,
    });
    return { launched, url: `http://127.0.0.1:${port}` };
  };
  try {
    return await onFreePort('Prometheus', start);
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    throw (
      explainWriteFailure(error.message, directory) ??
      new HarnessError(`Prometheus (${prometheus}) did not start. ${error.message}`, {
        code: 'H_STACK_PROMETHEUS_START',
        fix: 'Correct what the log says; delete it from the cache folder if it is damaged.',
        cause: error,
      })
    );
  }
}
