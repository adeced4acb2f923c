import type { TestsConfig } from '#harness/config/tally-config.ts';
import type { SuiteRun } from '#harness/suite/run-suite.ts';
import { type GateResult, notRunGate, ranGate } from './gate.ts';

/** The tests' merged coverage, child processes included, reaches the configured percentages. */
export function coverageGate(
  config: TestsConfig | undefined,
  tests: SuiteRun | undefined,
): GateResult {
  if (config === undefined) return notRunGate('coverage', 'the configuration names no tests');
  if (tests === undefined) return notRunGate('coverage', 'the test suite was not run (--no-tests)');
  const { coverage } = tests.result;
  if (coverage === undefined) {
    return notRunGate('coverage', 'the test command collects no coverage');
  }
  const kinds = ['lines', 'branches', 'functions'] as const;
  return ranGate('coverage', {
    checks: kinds.length,
    durationMs: 0,
    reason: kinds.map((kind) => `${kind} ${coverage[kind]} %`).join(', '),
    findings: kinds
      .filter((kind) => coverage[kind] < config.coverage[kind])
      .map((kind) => ({
        check: `coverage/${kind}`,
        message: `${coverage[kind]} % of ${kind} are covered; the configuration asks for ${config.coverage[kind]} %.`,
        fix: 'Test what is not covered; the list is in coverage/lcov.info.',
      })),
  });
}
