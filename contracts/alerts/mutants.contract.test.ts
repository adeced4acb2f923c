import { describe, expect, test } from 'vitest';
import { loadAlerts } from '#harness/alerts/load-alerts.ts';
import { proveMutants } from '#harness/alerts/prove-mutants.ts';
import { loadHarnessEnvironment } from '#harness/config/env.ts';
import { findPrometheus } from '#harness/stack/embedded/prometheus/find-prometheus.ts';

const alerts = await loadAlerts({ rules: 'prometheus/rules', tests: 'prometheus/tests' });

describe.for(alerts.alerts)('$alert', (alert) => {
  // One of them shows quickly that it can be done.
  const tags = alert.alert === 'ServiceDown' ? [] : ['slow' as const];

  test('broken by one operator or threshold has a red unit test', { tags }, async ({ signal }) => {
    const { promtool = '' } = (await findPrometheus(loadHarnessEnvironment())) ?? {};
    const { mutants, survived } = await proveMutants(alert, alerts, { promtool, signal });
    expect(mutants).toBeGreaterThanOrEqual(3);
    expect(survived).toEqual([]);
  });
});
