import { expect, test } from 'vitest';
import { loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import type { LiveSegments } from '#harness/modes/run-segments.ts';
import { grafanaGate } from './grafana-gate.ts';
import { PROFILES } from './profiles.ts';
import { judge } from './verdict.ts';

const OPTIONS = {
  folder: '/nowhere',
  harness: loadHarnessEnvironment({}),
  signal: AbortSignal.timeout(10_000),
};

test('without a Grafana the gate did not run, says why, and only a release waits for it', async () => {
  const live = { grafana: undefined } as LiveSegments;
  const gate = await grafanaGate(await loadConfig(), live, OPTIONS);
  expect(gate).toMatchObject({
    status: 'not-run',
    checks: 0,
    reason: 'there is no Grafana beside this stack; --stack external takes GRAFANA_URL',
  });
  const others = PROFILES.release
    .filter((name) => name !== 'grafana')
    .map((name) => ({ ...gate, name, status: 'passed' as const }));
  expect(judge([gate, ...others], 'release')).toBe('INCOMPLETE');
  expect(judge([gate, ...others], 'ci')).toBe('PASS');
});
