import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type FireAlertOptions, fireAlert } from '#harness/alerts/firing/fire-alert.ts';
import { loadAlerts } from '#harness/alerts/load-alerts.ts';
import { loadHarnessEnvironment } from '#harness/config/env.ts';
import { obtainAlertmanager } from '#harness/stack/embedded/alertmanager/obtain-alertmanager.ts';
import { obtainPrometheus } from '#harness/stack/embedded/prometheus/obtain-prometheus.ts';
import { createStackName } from '#harness/stack/stack-name.ts';

const folders = { rules: resolve('prometheus/rules'), tests: resolve('prometheus/tests') };
const { alerts, testFiles } = await loadAlerts(folders);

let programs: FireAlertOptions['programs'];

beforeAll(async () => {
  const stackName = await createStackName();
  const options = { ...loadHarnessEnvironment(), stackName, progress: () => undefined };
  const alertmanager = await obtainAlertmanager(options);
  programs = { ...(await obtainPrometheus(options)), alertmanager };
});

describe.concurrent.for(alerts)('$alert', (alert) => {
  test('fires in a running Prometheus and reaches its receiver', {
    tags: ['slow', 'integration'],
  }, async ({ signal }) => {
    const options = {
      testFiles,
      prometheusConfig: 'prometheus/prometheus.yml',
      alertmanagerConfig: 'prometheus/alertmanager.yml',
      programs,
      signal,
    };
    const delivery = await fireAlert(alert, options);
    const { severity } = alert.labels;
    expect(delivery).toMatchObject({
      path: `/${severity}`,
      receiver: severity,
      status: 'firing',
      labels: { alertname: alert.alert, severity },
      annotations: {
        runbook_url: expect.stringMatching(/^https?:\/\/[^/]+\/.*prometheus\/runbooks\/.+\.md$/),
        dashboard_url: expect.stringMatching(/^https?:\/\/[^/]+\/d\/.+\?viewPanel=\d+$/),
      },
    });
    expect(Object.keys(delivery.labels)).not.toContain('grafana_url');
    expect(JSON.stringify(delivery.annotations)).not.toContain('{{');
  });
});
