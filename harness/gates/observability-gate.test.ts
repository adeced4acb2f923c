import { describe, expect, test } from 'vitest';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import type { ObservabilityConfig } from '#harness/config/tally-config.ts';
import { movementBetween } from '#harness/metrics/movement-between.ts';
import { parseExposition } from '#harness/metrics/parse-exposition.ts';
import type { ModeSegment } from '#harness/modes/mode-segment.ts';
import type { SuiteRun } from '#harness/suite/run-suite.ts';
import { observabilityGate } from './observability-gate.ts';

const movement = movementBetween(
  parseExposition('x_total 0\ny_total 0\n'),
  parseExposition('x_total 1\ny_total 0\n'),
);
const segments = [{ outcomes: [{ movement }], summaryFields: [] } as unknown as ModeSegment];

/** A service with two families, one of which a scenario moves. */
function judge(observability: ObservabilityConfig | undefined, moved?: readonly string[]) {
  const config = { observability, facts: [], tests: { command: ['npm', 'test'] } };
  const loaded = { config, root: '/' } as unknown as LoadedConfig;
  const tests = moved && ({ result: { moved } } as unknown as SuiteRun);
  return observabilityGate(loaded, { segments, tests, firing: { notRun: 'no alerts' } });
}

describe('the gate of observability', () => {
  test('passes when scenarios and tests together reach every threshold', async () => {
    const gate = await judge({ metricFamilies: { percent: 100 } }, ['y_total']);
    expect(gate).toMatchObject({ status: 'passed', checks: 2, measures: [{ covered: 2 }] });
  });

  test('fails below one, and names what is missing', async () => {
    const { status, findings } = await judge({ metricFamilies: { percent: 51 } }, []);
    expect({ status, findings }).toMatchObject({
      status: 'failed',
      findings: [{ message: expect.stringContaining('y_total: no scenario or test moved it') }],
    });
  });

  test('did not run where a measure could not be taken, and says why', async () => {
    expect(await judge({ metricFamilies: { percent: 51 } })).toMatchObject({
      status: 'not-run',
      reason: 'metric families moved: the test suite was not run (--no-tests)',
      measures: [{ covered: 1, total: 2 }],
    });
  });

  test('fails for an exception that nothing needs, even where a measure was not taken', async () => {
    const except = { x_total: 'why not' };
    expect(await judge({ metricFamilies: { percent: 51, except } })).toMatchObject({
      status: 'failed',
      findings: [{ check: 'observability/metricFamilies/exception' }],
    });
  });

  test('did not run where no threshold is set', async () => {
    expect(await judge(undefined)).toMatchObject({ status: 'not-run' });
  });
});
