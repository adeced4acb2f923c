import { awaitScrapes } from '#harness/metrics/await-scrapes.ts';
import type { Exposition } from '#harness/metrics/exposition.ts';
import { askPinned, type PinnedInstant } from '#harness/metrics/pinned-instant.ts';
import type { PromqlRow } from '#harness/metrics/promql-answer.ts';
import { readMetrics } from '#harness/metrics/read-metrics.ts';
import { readServiceSummary } from '#harness/modes/read-service-summary.ts';
import { selectorsOf } from '#harness/promql/selectors-of.ts';
import type { Fact } from '#harness/reconcile/fact.ts';
import { readPromql } from '#harness/reconcile/read-promql.ts';
import type { Reading } from '#harness/reconcile/reading.ts';
import type { DeployedPrometheus, DeployedService } from './deployed-service.ts';

/** Grows with its counters, and only then. */
const PLAIN_SUM = /^sum\(\w+\{[^{}]*\}\)$/;
const SCRAPES = 6;

/** One summary, and what Prometheus can say of it. */
export interface TrafficReadings {
  summary: unknown;
  readings: readonly { fact: Fact; reading: Reading }[];
  /** Facts of which nothing can be said. */
  moving: readonly string[];
}

interface Scrapes {
  before: PinnedInstant;
  after: PinnedInstant;
  exposition: Exposition;
}

/**
 * Reads the summary between two scrapes; the later one came after the reading. A
 * counter never falls, so the summary can have no value but one between its two.
 */
export async function compareInTraffic(
  facts: readonly Fact[],
  { url, headers, config }: DeployedService,
  prometheus: DeployedPrometheus,
  signal: AbortSignal,
): Promise<TrafficReadings> {
  const { promql, selector, scrapeIntervalMs } = prometheus;
  const limits = {
    promql,
    timeoutMs: SCRAPES * scrapeIntervalMs,
    everyMs: scrapeIntervalMs / 10,
    signal,
  };
  const sinceSeconds = await promql.nowSeconds({ signal });
  const before = await awaitScrapes([{ selector, sinceSeconds }], limits);
  const read = await readServiceSummary(`${url}${config.summaryPath}`, config, { headers, signal });
  const after = await awaitScrapes([{ selector, ...(await fenceOf()) }], limits);
  /** The scrape of the epoch that was raised; of a service without one, any that began later. */
  async function fenceOf() {
    if (config.epoch === undefined) return { sinceSeconds: await promql.nowSeconds({ signal }) };
    const epoch = { metric: config.epoch.metric, value: read.epoch ?? Number.NaN };
    return { sinceSeconds: before.atSeconds, epoch };
  }
  const exposition = await readMetrics(`${url}${config.metricsPath}`, { headers, signal });
  const scrapes = { before, after, exposition };
  const said = await Promise.all(
    facts.map(async (fact) => ({ fact, reading: await readBetween(fact, prometheus, scrapes) })),
  );
  return {
    summary: read.summary,
    readings: said.flatMap(({ fact, reading }) =>
      reading === undefined ? [] : [{ fact, reading }],
    ),
    moving: said.flatMap(({ fact, reading }) => (reading === undefined ? [fact.name] : [])),
  };
}

async function readBetween(
  fact: Fact,
  { promql, selector }: DeployedPrometheus,
  { before, after, exposition }: Scrapes,
): Promise<Reading | undefined> {
  const query = queryOf(fact).replaceAll('$service', selector);
  const selectors = selectorsOf(query);
  if (!selectors.every(({ metric }) => isCounter(metric, exposition))) return undefined;
  const moved = await Promise.all(
    selectors.map(async ({ text }) => {
      const [one, other] = [
        await askPinned(promql, text, before),
        await askPinned(promql, text, after),
      ];
      return showRows(one) !== showRows(other);
    }),
  );
  const last = await readPromql(fact, { promql, selector, instant: after });
  if (!moved.includes(true)) return last;
  if (fact.equality !== 'integer' || !PLAIN_SUM.test(query)) return undefined;
  return between(await readPromql(fact, { promql, selector, instant: before }), last);
}

function queryOf({ promql }: Fact): string {
  if (typeof promql === 'string') return promql;
  return 'query' in promql ? promql.query : '';
}

/** Of which each series can only grow; a restart in between shows as a wrong range. */
function isCounter(metric: string, { families }: Exposition): boolean {
  const family = families.get(metric) ?? families.get(metric.replace(/_(?:bucket|sum|count)$/, ''));
  return family?.type === 'counter' || family?.type === 'histogram';
}

function showRows(rows: readonly PromqlRow[]): string {
  return rows
    .map(({ labels, text }) => `${JSON.stringify(labels)} ${text}`)
    .sort()
    .join('\n');
}

function between(first: Reading, last: Reading): Reading | undefined {
  const [min, max] = [first, last].map((reading) => {
    const value = 'rows' in reading ? reading.rows.get('') : undefined;
    return value?.kind === 'exact' && typeof value.value === 'bigint' ? value.value : 0n;
  });
  if (min === undefined || max === undefined) return undefined;
  return { rows: new Map([['', { kind: 'range', min, max }]]) };
}
