import type { RequestListener, ServerResponse } from 'node:http';
import { serveHttp } from './scripted-servers.ts';

/** What one scrape stored. */
export interface ScriptedScrape {
  /** "slot-1" when left out. */
  instance?: string;
  atSeconds: number;
  up: number;
  epoch?: number;
  /** The values of `x_total` by its label `a`. */
  x?: Readonly<Record<string, number>>;
}

/** What goes wrong with the answer to one request. */
export type Fault =
  | 'refused'
  | 'cut'
  | 'html'
  /** As 'partial', and it says so. */
  | 'warned'
  /** It knows nothing: the head of a server that has just started. */
  | 'empty'
  /** Each series of x_total but the first is left out, and nothing said. */
  | 'partial'
  /** It is one scrape behind, and takes the newest that it has. */
  | 'behind'
  | { status: number; body?: string };

const JSON_TYPE = { 'content-type': 'application/json' };
const LOOKBACK_SECONDS = 300;

/**
 * For tests: a Prometheus that answers from scrapes that the test makes up: `time()`,
 * `timestamp(up{…})`, range selectors over `up` and `epoch`, `x_total{…}` and sums of it, with what
 * askPinned() adds, and targets. `intercept` may answer a request instead.
 */
export async function servePrometheus() {
  const prometheus = {
    url: '',
    nowSeconds: 1_700_000_000.5,
    scrapes: [] as ScriptedScrape[],
    lastError: '',
    queries: 0,
    /** Called before each query of a range with its number, counted from 1; makes up scrapes. */
    onQuery: (_query: number): void => {},
    intercept: undefined as RequestListener | undefined,
    /** What goes wrong with the answer to a query. */
    faultOf: (_query: string): Fault | undefined => undefined,
  };
  function answer(query: string, time: string | null, fault: Fault | undefined) {
    const store = fault === 'empty' ? [] : prometheus.scrapes;
    const scrapes = fault === 'behind' ? store.slice(0, -1) : store;
    const atSeconds = time === null ? Infinity : Number(time);
    const data = evaluate(query, { scrapes, atSeconds, nowSeconds: prometheus.nowSeconds });
    const isPartial = data.resultType === 'vector' && (fault === 'partial' || fault === 'warned');
    return isPartial ? { ...data, result: data.result.filter(isFirstSeries) } : data;
  }
  prometheus.url = await serveHttp((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const query = searchParams.get('query') ?? '';
    if (prometheus.intercept !== undefined) prometheus.intercept(request, response);
    else if (pathname.endsWith('/targets')) succeed(response, targetsOf(prometheus.lastError));
    else {
      if (query.endsWith('s]')) prometheus.onQuery(++prometheus.queries);
      const fault = prometheus.faultOf(query);
      send(response, answer(query, searchParams.get('time'), fault), fault);
    }
  });
  return prometheus;
}

function targetsOf(lastError: string): unknown {
  const labels = { job: 'service', instance: 'slot-1' };
  return { activeTargets: [{ labels, health: lastError === '' ? 'up' : 'down', lastError }] };
}

function succeed(response: ServerResponse, data: unknown, more = {}): void {
  response.writeHead(200, JSON_TYPE).end(JSON.stringify({ status: 'success', data, ...more }));
}

function send(response: ServerResponse, data: unknown, fault: Fault | undefined): void {
  if (fault === 'refused') response.destroy();
  else if (fault === 'html') response.writeHead(200, JSON_TYPE).end('<html>');
  else if (fault === 'cut') response.writeHead(200, JSON_TYPE).end('{"status":"success","data":{');
  else if (fault === 'warned') succeed(response, data, { warnings: ['a store is away'] });
  else if (typeof fault === 'object') response.writeHead(fault.status).end(fault.body ?? 'no');
  else succeed(response, data);
}

interface Store {
  scrapes: readonly ScriptedScrape[];
  atSeconds: number;
  nowSeconds: number;
}

interface Row {
  metric: Record<string, string>;
  value?: unknown;
  values?: unknown;
}

function evaluate(query: string, store: Store): { resultType: string; result: Row[] } {
  if (query === 'time()') {
    const result = [1, `${store.nowSeconds}`] as unknown as Row[];
    return { resultType: 'scalar', result };
  }
  if (query.endsWith('s]')) return { resultType: 'matrix', result: rangesOf(query, store) };
  // `(asked\n) or label_replace(timestamp(up{…}), "proof", "0", "", "")`, or one of the two alone.
  const [asked = '', ...proofs] = query.split(' or ');
  const result = [asked, ...proofs].flatMap((part) => instantRows(part, store));
  return { resultType: 'vector', result };
}

function rangesOf(query: string, { scrapes, atSeconds }: Store): Row[] {
  const named = (['up', 'epoch'] as const).filter((name) => query.includes(name));
  return named.flatMap((name) =>
    instancesIn(query).flatMap((instance) => {
      const values = scrapesOf(instance, scrapes, atSeconds).flatMap((scrape) =>
        scrape[name] === undefined ? [] : [[scrape.atSeconds, String(scrape[name])]],
      );
      return values.length === 0
        ? []
        : [{ metric: { __name__: name, ...labelsOf(instance) }, values }];
    }),
  );
}

function instantRows(query: string, { scrapes, atSeconds }: Store): Row[] {
  const evaluatedAt = Number.isFinite(atSeconds) ? atSeconds : 1;
  const rows = instancesIn(query).flatMap((instance): Row[] => {
    const last = scrapesOf(instance, scrapes, atSeconds).at(-1);
    if (last === undefined || evaluatedAt - last.atSeconds > LOOKBACK_SECONDS) return [];
    const labels = labelsOf(instance);
    const [, proof] = /, "tally_scrape", "(\d+)"/.exec(query) ?? [];
    const proven = proof === undefined ? labels : { ...labels, tally_scrape: proof };
    if (query.includes('timestamp(up')) {
      return [{ metric: proven, value: [evaluatedAt, String(last.atSeconds)] }];
    }
    // A failed scrape marks the series stale.
    return Object.entries(last.up === 1 ? (last.x ?? {}) : {}).map(([a, value]) => ({
      metric: { __name__: 'x_total', a, ...labels },
      value: [evaluatedAt, String(value)],
    }));
  });
  return query.includes('sum(') ? summed(rows, evaluatedAt) : rows;
}

function summed(rows: readonly Row[], evaluatedAt: number): Row[] {
  if (rows.length === 0) return [];
  const sum = rows.reduce((total, { value }) => total + Number((value as [number, string])[1]), 0);
  return [{ metric: {}, value: [evaluatedAt, String(sum)] }];
}

/** `instance="slot-1"`, or several: `instance=~"slot-1|slot-2"`. */
function instancesIn(query: string): string[] {
  return /instance=~?"([^"]*)"/.exec(query)?.[1]?.split('|') ?? [];
}

function labelsOf(instance: string): Record<string, string> {
  return { job: 'service', instance };
}

function scrapesOf(
  wanted: string,
  scrapes: readonly ScriptedScrape[],
  untilSeconds: number,
): ScriptedScrape[] {
  return scrapes.filter(
    ({ instance = 'slot-1', atSeconds }) => instance === wanted && atSeconds <= untilSeconds,
  );
}

function isFirstSeries({ metric }: Row, index: number, rows: readonly Row[]): boolean {
  return (
    metric['a'] === undefined || rows.findIndex((row) => row.metric['a'] !== undefined) === index
  );
}
