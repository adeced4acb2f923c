import type { CassetteOutcome } from '#harness/cassettes/judge-cassette.ts';
import type { ModeSegment, ProcessFact } from '#harness/modes/mode-segment.ts';
import type { SuiteResult } from '#harness/suite/suite-result.ts';
import type { Mode } from '#harness/traffic/scenario.ts';
import type { GateResult } from './gate.ts';
import { PROFILES, type ProfileName } from './profiles.ts';

export type VerdictName = 'PASS' | 'FAIL' | 'INCOMPLETE';

/** The exit code of a command that ends with a verdict; 70 is a failure of Tally itself. */
export const EXIT_CODES: Readonly<Record<VerdictName, number>> = {
  PASS: 0,
  FAIL: 1,
  INCOMPLETE: 2,
};
export const EXIT_HARNESS_FAILED = 70;

/** What `verdict.json` holds. */
export interface Verdict {
  verdict: VerdictName;
  profile: ProfileName;
  /** ISO 8601, UTC. */
  startedAt: string;
  durationMs: number;
  /** The commit of the folder that was judged; "+changes" when the work tree differs from it. */
  commit: string | null;
  versions: Readonly<Record<string, string>>;
  seed: string;
  gates: readonly GateResult[];
  cassettes: readonly CassetteOutcome[];
  /** Of the suite; left out when it was not run. */
  tests?: Pick<SuiteResult, 'passed' | 'failed' | 'skipped'>;
  /** How many findings came of each scenario. */
  scenarios: readonly { mode: Mode; scenario: string; findings: number }[];
  /** What each part of a mode took. */
  phases: readonly { mode: Mode; phase: string; durationMs: number }[];
  facts: readonly (ProcessFact & { mode: Mode })[];
}

/**
 * FAIL when any gate has a finding, required or not; else INCOMPLETE when a required gate did not
 * run; else PASS.
 */
export function judge(gates: readonly GateResult[], profile: ProfileName): VerdictName {
  if (gates.some(({ status }) => status === 'failed')) return 'FAIL';
  const required: readonly string[] = PROFILES[profile];
  const passed = new Set(gates.filter(({ status }) => status === 'passed').map(({ name }) => name));
  return required.every((name) => passed.has(name as GateResult['name'])) ? 'PASS' : 'INCOMPLETE';
}

/** What both modes bring into a verdict. */
export function partsOfSegments(
  segments: readonly ModeSegment[],
): Pick<Verdict, 'scenarios' | 'phases' | 'facts'> {
  return {
    scenarios: segments.flatMap(({ mode, outcomes }) =>
      outcomes.map(({ scenario, findings }) => ({ mode, scenario, findings: findings.length })),
    ),
    phases: segments.flatMap(({ mode, durationsMs }) =>
      Object.entries(durationsMs).map(([phase, durationMs]) => ({ mode, phase, durationMs })),
    ),
    facts: segments.flatMap(({ mode, facts }) => facts.map((row) => ({ mode, ...row }))),
  };
}
