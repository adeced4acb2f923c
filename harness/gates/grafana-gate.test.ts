import { expect, test } from 'vitest';
import { loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import { grafanaGate } from './grafana-gate.ts';
import type { LiveRun } from './live-series.ts';
import { PROFILES } from './profiles.ts';
import { judge } from './verdict.ts';

const OPTIONS = {
  folder: '/nowhere',
  harness: loadHarnessEnvironment({}),
  signal: AbortSignal.timeout(10_000),
};

test('without a Grafana the gate did not run, says why, and only a release waits for it', async () => {
  const live = { grafana: { absent: 'GRAFANA_URL is not set' } } as LiveRun;
  const gate = await grafanaGate(await loadConfig(), live, OPTIONS);
  expect(gate).toMatchObject({
    status: 'not-run',
    checks: 0,
    reason: 'GRAFANA_URL is not set',
  });
  const others = PROFILES.release
    .filter((name) => name !== 'grafana')
    .map((name) => ({ ...gate, name, status: 'passed' as const }));
  expect(judge([gate, ...others], 'release')).toBe('INCOMPLETE');
  expect(judge([gate, ...others], 'ci')).toBe('PASS');
});
