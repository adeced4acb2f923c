import { expect, test } from 'vitest';
import { GATES, type GateResult, notRunGate, ranGate } from './gate.ts';
import { EXIT_CODES, judge } from './verdict.ts';

const finding = { check: 'modes/x', message: 'the answers differ' };

function gates(change: Partial<Record<string, GateResult>> = {}): GateResult[] {
  return GATES.map(
    (name) => change[name] ?? ranGate(name, { checks: 3, durationMs: 1, findings: [] }),
  );
}

test('passes when every gate ran and passed', () => {
  expect(judge(gates(), 'ci')).toBe('PASS');
});

test('is incomplete when a required gate did not run, and only then', () => {
  const withoutCoverage = gates({ coverage: notRunGate('coverage', 'no tests') });
  expect(judge(withoutCoverage, 'ci')).toBe('INCOMPLETE');
  expect(judge(withoutCoverage, 'local')).toBe('PASS');
  expect(judge([], 'local')).toBe('INCOMPLETE');
});

test('fails on any finding, which wins over incomplete', () => {
  const failed = ranGate('modes', { checks: 3, durationMs: 1, findings: [finding] });
  expect(judge(gates({ modes: failed, contracts: notRunGate('contracts', 'x') }), 'ci')).toBe(
    'FAIL',
  );
});

test('a gate that checked nothing is not green', () => {
  const vacuous = ranGate('modes', { checks: 0, durationMs: 1, findings: [] });
  expect(vacuous.status).toBe('failed');
  expect(vacuous.findings[0]?.message).toBe('The gate modes ran without a single check.');
});

test('the exit codes are those of the documentation', () => {
  expect(EXIT_CODES).toEqual({ PASS: 0, FAIL: 1, INCOMPLETE: 2 });
});
