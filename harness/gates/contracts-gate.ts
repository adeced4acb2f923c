import type { Finding } from '#harness/findings/finding.ts';
import type { ModeSegment } from '#harness/modes/mode-segment.ts';
import type { SuiteRun } from '#harness/suite/run-suite.ts';
import { type GateResult, ranGate } from './gate.ts';

/** Every scenario kept its promises in every mode, and every test of the suite passed. */
export function contractsGate(
  segments: readonly ModeSegment[],
  tests: SuiteRun | undefined,
): GateResult {
  const outcomes = segments.flatMap((segment) => segment.outcomes);
  const scenarioChecks = outcomes.reduce((sum, { checks }) => sum + checks, 0);
  const { passed = 0, failed = 0 } = tests?.result ?? {};
  const reason = describeTests(tests);
  return ranGate('contracts', {
    checks: scenarioChecks + passed + failed,
    durationMs:
      Math.max(...segments.map(({ durationsMs }) => durationsMs.scenarios)) +
      (tests === undefined || tests.reused ? 0 : tests.result.durationMs),
    findings: [
      ...outcomes.flatMap(({ findings }) => findings),
      ...segments.flatMap(({ simulatorFindings }) => simulatorFindings),
      ...testFindings(tests),
    ],
    ...(reason !== undefined && { reason }),
  });
}

function describeTests(tests: SuiteRun | undefined): string | undefined {
  if (tests === undefined) return 'scenarios only; the test suite was not run';
  const { passed, failed, skipped, endedAt } = tests.result;
  const counts = `${passed} tests passed, ${failed} failed, ${skipped} skipped`;
  return tests.reused ? `${counts}, reused: same sources as at ${endedAt}` : counts;
}

function testFindings(tests: SuiteRun | undefined): Finding[] {
  const { failed = 0, passed = 0, failures = [] } = tests?.result ?? {};
  const named = failures.map(({ name, file, message }) => ({
    check: `contracts/test ${file}`,
    message: `${name}\n${message}`,
  }));
  if (tests !== undefined && passed + failed === 0) {
    named.push({ check: 'contracts/tests', message: 'The test suite ran without a single test.' });
  }
  return named;
}
