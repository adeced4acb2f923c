import { resolve } from 'node:path';
import type { GrafanaFolders } from '#harness/grafana/grafana-folders.ts';
import type { AbsentServer, GrafanaServer, ServiceImage, Stack } from '#harness/stack/stack.ts';
import { obtainPrometheus } from '../embedded/prometheus/obtain-prometheus.ts';
import { workRoot } from '../embedded/stack-directories.ts';
import { sweepDeadStacks } from '../embedded/sweep.ts';
import { SCRAPE_INTERVAL_DEFAULT_MS } from '../prometheus/prometheus-config.ts';
import { createStackName } from '../stack-name.ts';
import type { EngineAddress } from './engine/docker-engine.ts';
import { engineAddress } from './engine/engine-address.ts';
import { type EngineNetwork, judgeNetwork } from './engine/engine-network.ts';
import { requireEngine } from './engine/find-engine.ts';
import { requireSameEngine } from './engine/require-same-engine.ts';
import { obtainGrafana } from './grafana/obtain-grafana.ts';
import { startGrafana } from './grafana/start-grafana.ts';
import { guardContainers } from './guard-containers.ts';
import { type StackImages, stackImages } from './images.ts';
import { type ObtainedImage, obtainImage } from './obtain-image.ts';
import {
  removeContainers,
  removeContainersOfDead,
  sweepDeadContainers,
} from './remove-containers.ts';
import { serviceInContainer } from './service/service-in-container.ts';
import { type ContainerPostgres, startPostgres } from './start-postgres.ts';
import { type ContainerPrometheus, startPrometheus } from './start-prometheus.ts';
import { engineLost, watchContainers } from './watch-containers.ts';

const ENGINE_TIMEOUT_MS = 10_000;
const SLOTS_DEFAULT = 8;
const DIGEST_CHARS_SHOWN = 12;

export interface ContainerStackOptions {
  /** Where promtool is kept between runs. */
  cacheDir: string;
  /** The environment of the harness: DOCKER_HOST, PATH, HOME. */
  env: Readonly<Record<string, string | undefined>>;
  /** Instead of those that docker-compose.yml names. */
  images?: Partial<StackImages> | undefined;
  /** What Grafana is provisioned from; none is started when left out. */
  grafana?: GrafanaFolders | undefined;
  /** The service runs in containers of this image. */
  serviceImage?: string | undefined;
  /** Grafana's image is pulled where the engine has none. */
  pullGrafana?: boolean | undefined;
  prometheusMirror?: string | undefined;
  /** Told what takes long, e.g. a pull; one line each. */
  progress?: ((line: string) => void) | undefined;
  /** Aborts the start. */
  signal?: AbortSignal | undefined;
  /** How many services can be scraped at the same time; 8 by default. */
  slots?: number | undefined;
  /** 250 by default. */
  scrapeIntervalMs?: number | undefined;
  /** Found out by asking the engine when left out. */
  network?: EngineNetwork | undefined;
}

/**
 * Starts Postgres, Prometheus and, where its image is there, Grafana in containers, side by side with
 * any number of other stacks. First removes what stacks of killed processes left. Throws H_STACK_*;
 * nothing runs and nothing is left then.
 */
export async function startContainerStack(options: ContainerStackOptions): Promise<Stack> {
  options.signal?.throwIfAborted();
  const address = engineAddress(options.env);
  if (address.passedOver) options.progress?.(`containers: ${address.passedOver}`);
  await requireEngine(address, AbortSignal.timeout(ENGINE_TIMEOUT_MS));
  await requireSameEngine(address, AbortSignal.timeout(ENGINE_TIMEOUT_MS));
  // A fetch of promtool that was killed left a directory.
  await Promise.all([
    sweepDeadContainers(address),
    sweepDeadStacks([workRoot(resolve(options.cacheDir))]),
  ]);
  const name = await createStackName();
  const guard = guardContainers(address, name);
  try {
    const servers = await startServers({ address, name }, options);
    const watch = await watchContainers(address, name);
    // Whatever still waits for an answer of it fails at once.
    watch.failure.addEventListener('abort', () => servers.postgres.stop());
    return createStack(servers, watch.failure, async () => {
      watch.stop();
      servers.postgres.stop();
      await servers.prometheus.stop();
      // Without an engine nothing runs; what it still knows of goes with the next start.
      await removeContainers(address, name).catch(() => undefined);
      await guard.dismiss();
    });
  } catch (error) {
    // The engine may still be at work on the other container.
    const removed = removeContainersOfDead(address, name);
    const engineIsLost = await removed.then(
      () => false,
      () => true,
    );
    await guard.dismiss();
    options.signal?.throwIfAborted();
    throw engineIsLost ? engineLost(address, error) : error;
  }
}

interface Started {
  address: EngineAddress;
  name: string;
}

interface Servers {
  postgres: ContainerPostgres;
  prometheus: ContainerPrometheus;
  promtool: string;
  grafana: GrafanaServer | AbsentServer;
  service: ServiceImage | undefined;
}

/** Starts all side by side. When one fails the others are given up, and the first reason thrown. */
async function startServers(
  { address, name }: Started,
  options: ContainerStackOptions,
): Promise<Servers> {
  const failed = new AbortController();
  const outside = options.signal === undefined ? [] : [options.signal];
  const signal = AbortSignal.any([failed.signal, ...outside]);
  const progress = options.progress ?? (() => undefined);
  const network = options.network ?? (await judgeNetwork(address, signal));
  const images = await stackImages(options.images ?? {});
  const place = { stackName: name, network, signal };
  const obtain = async (image: string): Promise<ObtainedImage> =>
    await obtainImage(address, image, { progress, signal });
  const scrapeIntervalMs = options.scrapeIntervalMs ?? SCRAPE_INTERVAL_DEFAULT_MS;
  const prometheusStart = obtain(images.prometheus).then((image) =>
    startPrometheus({
      ...{ ...place, ...image, scrapeIntervalMs },
      slots: options.slots ?? SLOTS_DEFAULT,
    }),
  );
  const grafanaStart = async (): Promise<GrafanaServer | AbsentServer> => {
    const { grafana, pullGrafana: pull = false } = options;
    if (grafana === undefined) return { absent: 'no dashboards.provisioning is configured' };
    const image = await obtainGrafana(address, images.grafana, { pull, progress, signal });
    if ('absent' in image) return image;
    const { peerUrl: prometheusUrl } = await prometheusStart;
    return await startGrafana({ ...place, ...grafana, ...image, prometheusUrl, scrapeIntervalMs });
  };
  const starts = [
    obtain(images.postgres).then((image) => startPostgres({ ...place, ...image })),
    prometheusStart,
    // Of this machine, since the files that promtool reads are here.
    obtainPrometheus({ ...options, stackName: name, progress, signal }),
    grafanaStart(),
    options.serviceImage === undefined ? undefined : obtain(options.serviceImage),
  ] as const;
  try {
    const [postgres, prometheus, { promtool }, grafana, serviceImage] = await Promise.all(starts);
    const service = serviceImage && {
      place: serviceInContainer({ ...place, ...serviceImage, postgresPeer: postgres.peer }),
      version: versionOf(serviceImage),
    };
    return { postgres, prometheus, promtool, grafana, service };
  } catch (error) {
    failed.abort(error);
    // Each lets go of what it holds on this machine.
    const [postgres, prometheus] = await Promise.allSettled(starts);
    if (postgres.status === 'fulfilled') postgres.value.stop();
    if (prometheus.status === 'fulfilled') await prometheus.value.stop();
    throw error;
  }
}

/** An image that was named by its id has no other name. */
function versionOf({ image, id }: ObtainedImage): string {
  const digest = id.replace('sha256:', '').slice(0, DIGEST_CHARS_SHOWN);
  return image === id ? digest : `${image} (${digest})`;
}

function createStack(
  { postgres, prometheus, promtool, grafana, service }: Servers,
  failure: AbortSignal,
  tearDown: () => Promise<void>,
): Stack {
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    stopped ??= tearDown();
    await stopped;
  };
  return {
    backend: 'containers',
    postgres: postgres.server,
    prometheus: { ...prometheus.server, promtool },
    grafana,
    service,
    failure,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
