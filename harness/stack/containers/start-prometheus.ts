import type { GenericContainer } from 'testcontainers';
import { z } from 'zod';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { PrometheusServer } from '#harness/stack/stack.ts';
import { LaunchError } from '../launch-server.ts';
import { prometheusConfig } from '../prometheus/prometheus-config.ts';
import { createScrapeSlots } from '../prometheus/scrape-slots.ts';
import { startSlotProxy } from '../prometheus/slot-proxy.ts';
import { waitForFirstScrapes } from '../prometheus/wait-for-first-scrapes.ts';
import { loadRules } from './load-rules.ts';
import { PlacedContainer } from './placed-container.ts';
import { type ContainerPlace, inMemory, startContainer } from './stack-container.ts';

const PORT = 9090;
const CONFIG = '/etc/prometheus/tally.json';
// No folder of the image, whose owner and mode the memory mounted there would get.
const DATA = '/tally';
const RULES = '/etc/prometheus/tally-rules';
const READY_TIMEOUT_MS = 60_000;
const VERSION_TIMEOUT_MS = 10_000;

export interface PrometheusContainerOptions extends ContainerPlace {
  image: string;
  /** Where the image would make volumes. */
  volumes: readonly string[];
  slots: number;
  scrapeIntervalMs: number;
}

/** A Prometheus whose data ends with its container. */
export interface ContainerPrometheus {
  readonly server: Omit<PrometheusServer, 'promtool'>;
  /** Where other containers reach it. */
  readonly peerUrl: string;
  /** Ends the proxy of the slots; the container is removed by the stack. */
  stop(): Promise<void>;
}

/** Starts Prometheus in a container, and the proxy of its slots. Throws H_STACK_PROMETHEUS_START. */
export async function startPrometheus(
  options: PrometheusContainerOptions,
): Promise<ContainerPrometheus> {
  const { network, scrapeIntervalMs, image } = options;
  const slotNames = Array.from({ length: options.slots }, (_, index) => `slot-${index}`);
  let isReached = false;
  const proxy = await startSlotProxy({
    listen: { host: network.kind === 'host' ? '127.0.0.1' : network.listenOn, port: 0 },
    onScrape: () => {
      isReached = true;
    },
  });
  const proxyUrl = new URL(proxy.url);
  if (network.kind === 'bridge') proxyUrl.hostname = network.harnessHost;
  const stopping = new AbortController();
  try {
    const config = prometheusConfig({
      slots: slotNames,
      proxyUrl: proxyUrl.origin,
      scrapeIntervalMs,
      ruleFiles: `${RULES}/*`,
    });
    const { host, port, peer, copy } = await startContainer({
      ...options,
      name: 'Prometheus',
      port: PORT,
      create: (listenAt) => createContainer(options, config, listenAt),
      readyText: 'Server is ready to receive web requests',
      readyTimeoutMs: READY_TIMEOUT_MS,
    });
    const url = `http://${host}:${port}`;
    const waiting = { prometheusUrl: url, targets: slotNames.length, signal: stopping.signal };
    const scraping = waitForFirstScrapes(waiting).then(() => {
      if (!isReached && slotNames.length > 0) throw unreachable(proxyUrl);
    });
    scraping.catch(() => undefined); // Whoever waits for it hears of the failure.
    const slots = createScrapeSlots({ names: slotNames, proxy, prometheusUrl: url });
    return {
      server: {
        url,
        version: await readVersion(url),
        scrapeIntervalMs,
        scraping,
        claimSlot: async () => await slots.claim(),
        ownSlot: slots.own,
        loadRules: async (files) => await loadRules(files, { url, folder: RULES, copy }),
      },
      peerUrl: `http://${peer}`,
      stop: async () => {
        stopping.abort();
        await proxy.close();
      },
    };
  } catch (error) {
    await proxy.close();
    if (!(error instanceof LaunchError)) throw error;
    throw new HarnessError(`Prometheus (${image}) did not start. ${error.message}`, {
      code: 'H_STACK_PROMETHEUS_START',
      fix: 'Correct what the log says, or name another image in TALLY_PROMETHEUS_IMAGE.',
      cause: error,
    });
  }
}

function createContainer(
  { image, network, volumes }: PrometheusContainerOptions,
  config: string,
  listenAt: { host: string; port: number },
): GenericContainer {
  return new PlacedContainer(image, { network, port: PORT })
    .withTmpFs(inMemory([DATA, ...volumes]))
    .withCopyContentToContainer([{ content: config, target: CONFIG, mode: 0o644 }])
    .withCommand([
      `--config.file=${CONFIG}`,
      `--storage.tsdb.path=${DATA}`,
      `--web.listen-address=${listenAt.host}:${listenAt.port}`,
      '--web.enable-remote-write-receiver',
      '--web.enable-lifecycle',
    ]);
}

const buildSchema = z.object({ data: z.object({ version: z.string() }) });

async function readVersion(url: string): Promise<string> {
  const signal = AbortSignal.timeout(VERSION_TIMEOUT_MS);
  const response = await fetch(`${url}/api/v1/status/buildinfo`, { signal });
  // Debian's builds add their own after a plus sign.
  return buildSchema.parse(await response.json()).data.version.replace(/\+.*/, '');
}

function unreachable(proxyUrl: URL): HarnessError {
  return new HarnessError(
    `Containers do not reach this machine at ${proxyUrl.host}: no scrape came through.`,
    {
      code: 'H_STACK_SCRAPES_LOST',
      fix: 'Let the firewall pass connections from containers to this machine, or use --stack embedded.',
    },
  );
}
