import type { LoadedConfig } from '#harness/config/load-config.ts';
import type { TallyConfig } from '#harness/config/tally-config.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { GateResult } from '#harness/gates/gate.ts';
import type { Verdict } from '#harness/gates/verdict.ts';
import { type VerifyOptions, verify } from '#harness/gates/verify.ts';
import { cassettesOf, type Scenario } from '#harness/traffic/scenario.ts';
import type { Defect } from './defect.ts';
import { plantDefect } from './plant-defect.ts';

/** Whether Tally found a planted defect, and what it said. */
export interface Proof {
  defect: Defect;
  verdict: Verdict['verdict'];
  /** True when the verdict is FAIL and the expected check is among the findings. */
  caught: boolean;
  findings: readonly Finding[];
  /** Every check that has a finding. */
  checks: readonly string[];
  /** What the expected check said; undefined when it said nothing. */
  message: string | undefined;
  durationMs: number;
}

export type ProveOptions = Pick<VerifyOptions, 'harness' | 'baseEnv' | 'progress' | 'signal'>;

/** Plants one defect in a copy, runs the whole verification on it, and looks who noticed. */
export async function proveDefect(
  loaded: LoadedConfig,
  defect: Defect,
  options: ProveOptions,
): Promise<Proof> {
  const { root } = loaded;
  await using copy = await plantDefect(root, defect);
  const config = leanFor(defect, defect.misconfigure?.(loaded.config) ?? loaded.config);
  const verdict = await verify(
    { ...loaded, root: copy.root, config },
    { ...options, profile: 'local', seed: defect.name, withTests: false, onGate: () => undefined },
  );
  const findings = verdict.gates.flatMap((gate: GateResult) => gate.findings);
  const expected = findings.find(({ check }) => check === defect.caughtBy);
  return {
    defect,
    verdict: verdict.verdict,
    caught: verdict.verdict === 'FAIL' && expected !== undefined,
    findings,
    checks: [...new Set(findings.map(({ check }) => check))],
    message: expected?.message,
    durationMs: verdict.durationMs,
  };
}

/**
 * Recorded cases are half of all traffic, and hostile requests show no more than what the exposition
 * says; a defect may say that even less suffices to see it.
 */
function leanFor({ caughtBy, shownBy }: Defect, whole: TallyConfig): TallyConfig {
  const { cassettes, dashboards, observability, exposition, alerts, ...config } = whole;
  const isAskedFor = (gate: string): boolean => caughtBy.startsWith(`${gate}/`);
  const needsRecordings = cassettes !== undefined && isAskedFor('recordings');
  const scenarios = config.scenarios.filter((scenario) => {
    return shownBy?.includes(scenario.name) ?? (needsRecordings || isPlain(scenario));
  });
  return {
    ...config,
    scenarios,
    exposition: { ...exposition, ...(!isAskedFor('exposition') && { hostileRequests: 0 }) },
    ...(needsRecordings && { cassettes }),
    ...((shownBy === undefined || isAskedFor('alerts')) && alerts && { alerts }),
    // After a little traffic most panels show nothing yet.
    ...(shownBy === undefined && {
      ...(dashboards && { dashboards }),
      ...(observability && { observability }),
    }),
  };
}

function isPlain(scenario: Scenario): boolean {
  return cassettesOf(scenario).length === 0;
}
