import type { Finding } from '#harness/findings/finding.ts';
import type { Measure } from '#harness/observability/measure.ts';

/** The lines of a verdict, in the order they are printed. */
export const GATES = [
  'environment',
  'contracts',
  'modes',
  'reconciliation',
  'exposition',
  'alerts',
  'dashboards',
  'grafana',
  'recordings',
  'coverage',
  'observability',
] as const;

export type GateName = (typeof GATES)[number];

/** A gate that did not run says why, and is never green. */
export type GateStatus = 'passed' | 'failed' | 'not-run';

export interface GateResult {
  name: GateName;
  status: GateStatus;
  /** How many single comparisons were made. */
  checks: number;
  durationMs: number;
  /** Why it did not run, or what is worth knowing of a run. */
  reason?: string;
  findings: readonly Finding[];
  /** Worth a look, but no reason to stop a release. */
  warnings?: readonly Finding[];
  /** How much of what there is was covered. */
  measures?: readonly Measure[];
}

/** What a gate's run came to. */
type GateRun = Omit<GateResult, 'name' | 'status'>;

/** A gate that ran: it failed when there is a finding, or when there was nothing to check. */
export function ranGate(name: GateName, result: GateRun): GateResult {
  const vacuous: Finding[] =
    result.checks === 0
      ? [{ check: `${name}/vacuous`, message: `The gate ${name} ran without a single check.` }]
      : [];
  const findings = [...result.findings, ...vacuous];
  return { name, ...result, status: findings.length === 0 ? 'passed' : 'failed', findings };
}

/** A gate that could not run, and why. */
export function notRunGate(name: GateName, reason: string): GateResult {
  return { name, status: 'not-run', checks: 0, durationMs: 0, reason, findings: [] };
}
