import { z } from 'zod';
import type { Endpoint } from '#harness/config/env.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import { showUrl } from '#harness/metrics/show-url.ts';
import { obtainPrometheus } from '#harness/stack/embedded/prometheus/obtain-prometheus.ts';
import type { ObtainPrometheusOptions } from '#harness/stack/embedded/prometheus/prometheus-source.ts';
import { type SlotProxy, startSlotProxy } from '#harness/stack/prometheus/slot-proxy.ts';
import type { PrometheusServer } from '#harness/stack/stack.ts';
import { awaitSlotScrapes } from './await-slot-scrapes.ts';
import { createExternalSlots } from './external-slots.ts';
import type { ScrapeListen } from './scrape-job.ts';

const TIMEOUT_MS = 10_000;
const SAID_LENGTH_MAX = 200;

export interface ExternalPrometheusOptions extends ObtainPrometheusOptions {
  /** Of a Prometheus-compatible API: Prometheus, Mimir, Thanos. */
  endpoint: Endpoint;
  listen: ScrapeListen;
}

export interface ExternalPrometheus {
  readonly server: PrometheusServer;
  stop(): Promise<void>;
}

/**
 * Uses somebody's Prometheus, which must have a job that scrapes through Tally's address. Throws
 * H_STACK_EXTERNAL_PROMETHEUS, H_STACK_SCRAPE_LISTEN, H_STACK_NOT_SCRAPED.
 */
export async function connectExternalPrometheus(
  options: ExternalPrometheusOptions,
): Promise<ExternalPrometheus> {
  const { endpoint, listen, progress, signal } = options;
  await expectAnswer(endpoint, signal);
  const [version, { promtool }] = await Promise.all([
    readVersion(endpoint, signal),
    obtainPrometheus(options),
  ]);
  const promql = createPromqlClient(endpoint);
  const reached = new Set<string>();
  const proxy = await listenForScrapes(listen, (slot) => reached.add(slot));
  try {
    progress(`Prometheus: waiting for its scrapes at ${listen.host}:${listen.port}`);
    const scrapeIntervalMs = await awaitSlotScrapes({ promql, listen, reached, signal });
    const slots = createExternalSlots({ proxy, promql, progress, signal });
    return {
      server: {
        ...endpoint,
        version,
        promtool,
        scrapeIntervalMs,
        scraping: Promise.resolve(),
        claimSlot: async () => await slots.claim(),
        ownSlot: slots.own,
      },
      stop: async () => await proxy.close(),
    };
  } catch (error) {
    await proxy.close();
    throw error;
  }
}

async function listenForScrapes(
  listen: ScrapeListen,
  onScrape: (slot: string) => void,
): Promise<SlotProxy> {
  try {
    return await startSlotProxy({ listen, onScrape });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HarnessError(
      `The scrapes of Prometheus cannot be waited for at ${listen.host}:${listen.port}: ${why}.`,
      {
        code: 'H_STACK_SCRAPE_LISTEN',
        fix: 'End what listens there (another run of Tally?), or set TALLY_SCRAPE_LISTEN to another address, and the proxy_url of the scrape job with it.',
        cause,
      },
    );
  }
}

/** Sees that the API answers with these headers, before anything waits for it. */
async function expectAnswer(endpoint: Endpoint, signal?: AbortSignal): Promise<void> {
  const response = await ask('/api/v1/query?query=1', endpoint, signal);
  const body = await response.text().catch(() => '');
  if (response.status === 200 && /^\s*\{\s*"status"\s*:\s*"success"/.test(body)) return;
  const said = redact(body, endpoint).slice(0, SAID_LENGTH_MAX).trim();
  const what = [401, 403].includes(response.status) ? 'refuses' : 'is no API of Prometheus';
  throw unusable(endpoint, `${what}: HTTP ${response.status}${said && `, "${said}"`}`);
}

/** Some say it, e.g. Prometheus and Mimir; "unknown" where not. */
async function readVersion(endpoint: Endpoint, signal?: AbortSignal): Promise<string> {
  const response = await ask('/api/v1/status/buildinfo', endpoint, signal);
  const body: unknown = await response.json().catch(() => undefined);
  const said = z.object({ data: z.object({ version: z.string().min(1) }) }).safeParse(body);
  return said.success ? said.data.data.version : 'unknown';
}

async function ask(
  path: string,
  endpoint: Endpoint,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await fetch(`${endpoint.url}${path}`, {
      headers: endpoint.headers,
      // A gate in front of it that wants a login.
      redirect: 'manual',
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
  } catch (error) {
    signal?.throwIfAborted();
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw unusable(endpoint, `cannot be reached: ${String(reason)}`);
  }
}

/** What a server says may quote what it was sent. */
function redact(text: string, { headers }: Endpoint): string {
  return Object.values(headers).reduce((all, value) => all.replaceAll(value, '…'), text);
}

function unusable({ url }: Endpoint, what: string): HarnessError {
  return new HarnessError(`Prometheus at ${showUrl(url)} ${what}.`, {
    code: 'H_STACK_EXTERNAL_PROMETHEUS',
    fix: 'Correct PROMETHEUS_URL (Mimir has the path /prometheus), and give a token or tenant in PROMETHEUS_HEADERS, one "Name: value" a line.',
  });
}
