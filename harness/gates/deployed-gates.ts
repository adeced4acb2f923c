import type { TallyConfig } from '#harness/config/tally-config.ts';
import { compareSummary } from '#harness/deployed/compare-summary.ts';
import type { DeployedService } from '#harness/deployed/deployed-service.ts';
import { checkNames } from '#harness/exposition/check-names.ts';
import { checkSeries } from '#harness/exposition/check-series.ts';
import { checkText } from '#harness/exposition/check-text.ts';
import { checkTotals } from '#harness/exposition/check-totals.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import type { MetricsReading } from '#harness/metrics/read-metrics.ts';
import type { FactRow } from '#harness/reconcile/reconcile.ts';
import type { PrometheusServer } from '#harness/stack/stack.ts';
import { type GateResult, notRunGate, ranGate } from './gate.ts';

const MOVING_SHOWN = 3;

/** The service itself says in which mode it is. */
export function deployedEnvironmentGate(
  { config: { productionMetric }, url }: DeployedService,
  reading: MetricsReading | undefined,
): GateResult {
  if (productionMetric === undefined) {
    return notRunGate('environment', 'the configuration names no service.productionMetric');
  }
  if (reading === undefined) return notRunGate('environment', 'the metrics cannot be read');
  const shown = reading.families.get(productionMetric)?.samples.map(({ text }) => text) ?? [];
  const isProduction = shown.length > 0 && shown.every((text) => Number(text) === 1);
  const message = `${url} shows ${productionMetric} ${shown.join(', ') || 'nowhere'}, where production shows 1: it runs in test mode.`;
  return ranGate('environment', {
    checks: 1,
    durationMs: 0,
    findings: isProduction ? [] : [{ check: 'environment/deployed-mode', message }],
    reason: 'by what the service says; its variables are not seen',
  });
}

/** One reading of /metrics is well named, means something, and adds up. */
export async function deployedExpositionGate(
  { exposition: { allowed = {}, totals = {} } = {} }: Pick<TallyConfig, 'exposition'>,
  reading: MetricsReading,
  options: { promtool: string; signal: AbortSignal },
): Promise<GateResult> {
  const startedAtMs = performance.now();
  const families = [...reading.families.values()];
  const complaints = [...(await checkText(reading.text, options)), ...families.flatMap(checkNames)];
  // What is allowed and not shown may be in use elsewhere: one reading cannot tell.
  const unallowed = complaints.filter(({ metric }) => !Object.hasOwn(allowed, metric));
  return ranGate('exposition', {
    checks: families.length,
    durationMs: performance.now() - startedAtMs,
    findings: [...unallowed, ...checkSeries(reading), ...checkTotals(reading, totals)],
    reason: `one reading of ${reading.bytes} bytes`,
  });
}

/** The summary is what a Prometheus of Tally's own sees, which scrapes the service meanwhile. */
export async function deployedReconciliationGate(
  { facts }: Pick<TallyConfig, 'facts'>,
  service: DeployedService,
  { prometheus, signal }: { prometheus: PrometheusServer; signal: AbortSignal },
): Promise<{ gate: GateResult; rows: readonly FactRow[] }> {
  const startedAtMs = performance.now();
  await using slot = await prometheus.claimSlot();
  slot.pointTo(`${service.url}${service.config.metricsPath}`, service.headers);
  await prometheus.scraping;
  const promql = createPromqlClient(prometheus);
  const { selector } = slot;
  const scraped = { promql, selector, scrapeIntervalMs: prometheus.scrapeIntervalMs };
  const { rows, findings, moving, isAtRest } = await compareSummary(
    facts,
    service,
    scraped,
    signal,
  );
  const more = moving.length > MOVING_SHOWN ? ', …' : '';
  const unsaid = `${moving.length} moved too much to be compared (${moving.slice(0, MOVING_SHOWN).join(', ')}${more})`;
  const gate = ranGate('reconciliation', {
    checks: rows.length,
    durationMs: performance.now() - startedAtMs,
    findings,
    reason: `summary and PromQL, ${isAtRest ? 'at rest: equal' : `in traffic: ${unsaid}`}`,
  });
  return { gate, rows };
}
