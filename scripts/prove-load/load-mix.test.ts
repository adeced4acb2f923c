import { describe, expect, test } from 'vitest';
import { findCallMark } from '#harness/simulator/call-mark.ts';
import { callerOf } from '#harness/traffic/callers.ts';
import { isRaced, type Scenario } from '#harness/traffic/scenario.ts';
import { loadScenarios } from './load-mix.ts';

const scenarios = loadScenarios({ calls: 200, round: 3 });

function count(isMeant: (scenario: Scenario) => boolean): number {
  return scenarios.filter(isMeant).length;
}

describe('the load of a round', () => {
  test('is a quarter aborted, half of it at a barrier, and a tenth failing', () => {
    const isAborted = ({ departure }: Scenario) => departure !== undefined;
    const fails = ({ expect: { status, endsCleanly } }: Scenario) =>
      status >= 400 || endsCleanly === false;
    expect(count((scenario) => isAborted(scenario) && isRaced(scenario))).toBe(25);
    expect(count((scenario) => isAborted(scenario) && !isRaced(scenario))).toBe(25);
    expect(count(fails)).toBe(20);
  });

  test('goes to every provider by both endpoints', () => {
    const asked = scenarios.map(({ request: { path, body } }) => `${path} ${body?.['model']}`);
    expect(new Set(asked).size).toBe(8);
  });

  test('has a caller and a mark of its own for each call', () => {
    const marks = scenarios.map(({ request }) => findCallMark(JSON.stringify(request.body)));
    expect(new Set(marks).size).toBe(200);
    expect(new Set(scenarios.map((one) => callerOf(one, 's').serviceKey)).size).toBe(200);
  });

  test('has the same callers in every round', () => {
    const later = loadScenarios({ calls: 200, round: 9 });
    expect(later.map((one) => callerOf(one, 's'))).toEqual(
      scenarios.map((one) => callerOf(one, 's')),
    );
  });
});
