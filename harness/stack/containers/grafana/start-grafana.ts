import { randomBytes } from 'node:crypto';
import type { GenericContainer } from 'testcontainers';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { createGrafanaClient } from '#harness/grafana/grafana-client.ts';
import type { GrafanaFolders } from '#harness/grafana/grafana-folders.ts';
import type { GrafanaServer } from '#harness/stack/stack.ts';
import { LaunchError } from '../../launch-server.ts';
import { PlacedContainer } from '../placed-container.ts';
import { type ContainerPlace, inMemory, startContainer } from '../stack-container.ts';

const PORT = 3000;
// No folder of the image, whose owner and mode the memory mounted there would get.
const DATA = '/tally';
const PROVISIONING = '/etc/grafana/provisioning';
/** Where the provider of the provisioning files looks for dashboards. */
const DASHBOARDS = '/etc/grafana/dashboards';
const READY_TIMEOUT_MS = 120_000;
const USER = 'admin';

export interface GrafanaContainerOptions extends ContainerPlace, GrafanaFolders {
  image: string;
  /** Where the image keeps data. */
  volumes: readonly string[];
  /** Where a container reaches the Prometheus of the stack. */
  prometheusUrl: string;
  scrapeIntervalMs: number;
}

/** Starts Grafana in a container, provisioned from files. Throws H_STACK_GRAFANA_START. */
export async function startGrafana(options: GrafanaContainerOptions): Promise<GrafanaServer> {
  const password = randomBytes(16).toString('hex');
  try {
    const { host, port } = await startContainer({
      ...options,
      name: 'Grafana',
      port: PORT,
      create: (listenAt) => createContainer(options, password, listenAt),
      readyText: 'HTTP Server Listen',
      readyTimeoutMs: READY_TIMEOUT_MS,
    });
    const pair = Buffer.from(`${USER}:${password}`).toString('base64');
    const server = { url: `http://${host}:${port}`, headers: { authorization: `Basic ${pair}` } };
    const { version } = await createGrafanaClient(server, options.signal).health();
    return { ...server, version };
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    throw new HarnessError(`Grafana (${options.image}) did not start. ${error.message}`, {
      code: 'H_STACK_GRAFANA_START',
      fix: 'Correct what the log says, e.g. a file in dashboards.provisioning, or name another image in TALLY_GRAFANA_IMAGE.',
      cause: error,
    });
  }
}

function createContainer(
  options: GrafanaContainerOptions,
  password: string,
  listenAt: { host: string; port: number },
): GenericContainer {
  const { image, network, volumes, dashboards, provisioning } = options;
  return (
    new PlacedContainer(image, { network, port: PORT })
      .withTmpFs(inMemory([DATA, ...volumes]))
      // Copied and not mounted, since the engine may be elsewhere.
      .withCopyDirectoriesToContainer([
        { source: provisioning, target: PROVISIONING, mode: 0o755 },
        { source: dashboards, target: DASHBOARDS, mode: 0o755 },
      ])
      .withEnvironment({
        ...SETTINGS,
        GF_SERVER_HTTP_ADDR: listenAt.host,
        GF_SERVER_HTTP_PORT: String(listenAt.port),
        GF_SECURITY_ADMIN_USER: USER,
        GF_SECURITY_ADMIN_PASSWORD: password,
        PROMETHEUS_URL: options.prometheusUrl,
        PROMETHEUS_SCRAPE_INTERVAL: `${options.scrapeIntervalMs}ms`,
      })
  );
}

/**
 * Whoever reaches it may look, as at the Prometheus beside it. Nothing of a run leaves this machine,
 * and nothing is fetched: the data source for Prometheus comes with the image, as a bundled plugin
 * since 13.2, and would be updated from grafana.com while the run asks it.
 */
const SETTINGS = {
  GF_PATHS_DATA: DATA,
  GF_PATHS_PROVISIONING: PROVISIONING,
  GF_LOG_MODE: 'console',
  GF_AUTH_ANONYMOUS_ENABLED: 'true',
  GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
  GF_ANALYTICS_REPORTING_ENABLED: 'false',
  GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
  GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
  GF_NEWS_NEWS_FEED_ENABLED: 'false',
  GF_PLUGINS_PREINSTALL_DISABLED: 'true',
  GF_SECURITY_DISABLE_GRAVATAR: 'true',
} as const;
