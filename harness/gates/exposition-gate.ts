import type { LoadedConfig } from '#harness/config/load-config.ts';
import { checkCost, costOf, describeCost } from '#harness/exposition/check-cost.ts';
import { checkNames } from '#harness/exposition/check-names.ts';
import { checkSeries } from '#harness/exposition/check-series.ts';
import { checkText } from '#harness/exposition/check-text.ts';
import { checkTotals } from '#harness/exposition/check-totals.ts';
import { settleAllowed } from '#harness/exposition/settle-allowed.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { LiveSegments } from '#harness/modes/run-segments.ts';
import { MODES, type Mode } from '#harness/traffic/scenario.ts';
import { type GateResult, ranGate } from './gate.ts';

/** What /metrics says is well named, means something, stays small, adds up, and never falls. */
export async function expositionGate(
  { config: { exposition = {} } }: Pick<LoadedConfig, 'config'>,
  { segments, prometheus: { promtool } }: LiveSegments,
  signal: AbortSignal,
): Promise<GateResult> {
  const startedAtMs = performance.now();
  const { allowed = {}, totals = {}, limits = {} } = exposition;
  const watched = MODES.map((mode) => segments[mode].readings);
  const last = watched.flatMap(({ lastOfProcesses }) => lastOfProcesses);
  const families = last.flatMap((reading) => [...reading.families.values()]);
  const texts = watched.flatMap(({ lastOfProcesses }) => lastOfProcesses.at(-1)?.text ?? []);
  const complaints = await Promise.all(texts.map((text) => checkText(text, { promtool, signal })));
  const inModes = MODES.flatMap((mode) => {
    const { readings, hostile } = segments[mode];
    const { lastOfProcesses, findings } = readings;
    const ofProcesses = lastOfProcesses.flatMap((reading) => [
      ...checkSeries(reading),
      ...checkTotals(reading, totals),
    ]);
    return [...findings, ...ofProcesses, ...hostile.findings].map((finding) => ({ mode, finding }));
  });
  const cost = costOf(watched);
  const hostileRequests = MODES.reduce((sum, mode) => sum + segments[mode].hostile.requests, 0);
  return ranGate('exposition', {
    checks: families.length + cost.readings + hostileRequests,
    durationMs: performance.now() - startedAtMs,
    findings: [
      ...settleAllowed([...complaints.flat(), ...families.flatMap(checkNames)], allowed),
      ...mergeModes(inModes),
      ...checkCost(cost, limits),
    ],
    reason: `${describeCost(cost)}, ${hostileRequests} hostile requests`,
  });
}

/** Most is said of each process in each mode: it is told once, with the modes. */
function mergeModes(found: readonly { mode: Mode; finding: Finding }[]): Finding[] {
  const same = Map.groupBy(found, ({ finding: { check, message } }) => `${check} ${message}`);
  return [...same.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    const modes = [...new Set(all.map(({ mode }) => mode))].join(' and ');
    return [{ ...first.finding, message: `In ${modes}: ${first.finding.message}` }];
  });
}
