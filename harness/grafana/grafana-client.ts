import { z } from 'zod';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { showUrl } from '#harness/metrics/show-url.ts';
import type { GrafanaServer } from '#harness/stack/stack.ts';
import * as answers from './grafana-answers.ts';

const TIMEOUT_MS = 30_000;
const SAID_LENGTH_MAX = 300;

/** What a panel asks of its data source. Times in milliseconds since the epoch. */
export interface GrafanaQuery {
  dataSource: string;
  /** With Grafana's built-in variables, which it replaces itself; it would send any other one. */
  expr: string;
  isInstant: boolean;
  fromMs: number;
  toMs: number;
  intervalMs: number;
  pointsMax: number;
}

/**
 * Grafana's HTTP API, as far as it is needed to check what was provisioned. Every method throws
 * H_GRAFANA_AWAY when there is no answer, and H_GRAFANA_ANSWER for one that is not Grafana's.
 */
export interface GrafanaClient {
  /** For messages: without credentials. */
  readonly shownUrl: string;
  health(): Promise<answers.Health>;
  /** "OK" in `status`, or what is wrong in `message`. */
  dataSourceHealth(uid: string): Promise<answers.DataSourceHealth>;
  /** Every dashboard that the token may see. */
  searchDashboards(): Promise<readonly answers.FoundDashboard[]>;
  /** As it is stored, or undefined where there is none. */
  dashboard(uid: string): Promise<unknown>;
  /** Whether the query has data; what the data source said where it failed. */
  query(query: GrafanaQuery): Promise<{ hasData: boolean } | { error: string }>;
  /** The alerts of a data source, with "ok", "err" or "unknown" as their health. */
  alertRules(dataSource: string): Promise<readonly answers.AlertRule[]>;
}

export function createGrafanaClient(
  server: Pick<GrafanaServer, 'url' | 'headers'>,
  signal?: AbortSignal,
): GrafanaClient {
  const ask = <T>(path: string, request: Asked<T>): Promise<T> =>
    askGrafana(server, path, { signal, ...request });
  return {
    shownUrl: showUrl(server.url),
    health: () => ask('/api/health', { answer: answers.health, statuses: [200, 503] }),
    dataSourceHealth: (uid) =>
      ask(`/api/datasources/uid/${encodeURIComponent(uid)}/health`, {
        answer: answers.dataSourceHealth,
        statuses: [200, 400, 404, 500],
      }),
    searchDashboards: () =>
      ask(`/api/search?type=dash-db&limit=${answers.SEARCH_LIMIT}`, { answer: answers.search }),
    dashboard: (uid) =>
      ask(`/api/dashboards/uid/${encodeURIComponent(uid)}`, {
        answer: answers.dashboard,
        statuses: [200, 404],
      }),
    query: (query) =>
      ask('/api/ds/query', {
        answer: answers.queryData,
        // Part of it failed, or all of it.
        statuses: [200, 207, 400, 404, 500],
        body: queryBody(query),
      }),
    alertRules: (uid) =>
      ask(`/api/prometheus/${encodeURIComponent(uid)}/api/v1/rules`, { answer: answers.rules }),
  };
}

function queryBody({ dataSource, expr, isInstant, ...drawn }: GrafanaQuery): unknown {
  return {
    from: String(drawn.fromMs),
    to: String(drawn.toMs),
    queries: [
      {
        refId: answers.REF_ID,
        datasource: { type: 'prometheus', uid: dataSource },
        expr,
        instant: isInstant,
        range: !isInstant,
        intervalMs: drawn.intervalMs,
        maxDataPoints: drawn.pointsMax,
      },
    ],
  };
}

interface Asked<T> {
  answer: z.ZodType<T>;
  /** Statuses whose body tells the answer; 200 when left out. */
  statuses?: readonly number[];
  /** Sent as JSON with POST. */
  body?: unknown;
  signal?: AbortSignal | undefined;
}

async function askGrafana<T>(
  { url, headers }: Pick<GrafanaServer, 'url' | 'headers'>,
  path: string,
  { answer, statuses = [200], body, signal }: Asked<T>,
): Promise<T> {
  const place = `${showUrl(url)}${path.replace(/\?.*/, '')}`;
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(`${url}${path}`, {
    headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
    // A login page is no answer.
    redirect: 'manual',
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw away(place, error instanceof Error && error.cause ? error.cause : error);
  });
  const text = await response.text();
  if (!statuses.includes(response.status)) throw away(place, `HTTP ${response.status}`);
  const parsed = answer.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const said = text.slice(0, SAID_LENGTH_MAX);
  throw new HarnessError(
    `${place} answered HTTP ${response.status}, which Tally does not understand: ${said}\n${z.prettifyError(parsed.error)}`,
    {
      code: 'H_GRAFANA_ANSWER',
      fix: 'See that GRAFANA_URL is that of a Grafana (11 or newer), with its path.',
    },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function away(place: string, why: unknown): HarnessError {
  const reason = why instanceof Error ? why.message : String(why);
  return new HarnessError(`Grafana gave no answer at ${place}: ${reason}.`, {
    code: 'H_GRAFANA_AWAY',
    fix: 'See that Grafana runs, and that GRAFANA_URL and GRAFANA_TOKEN are right: a service account that may view.',
  });
}
