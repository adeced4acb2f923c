import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lintAlerts } from './lint-alerts.ts';
import type { Alert, AlertTestFile } from './load-alerts.ts';

const ANNOTATIONS = {
  summary: 'It is down.',
  description: 'For 2 minutes.',
  runbook_url: '{{ $externalLabels.repository_url }}/README.md',
  dashboard_url: 'https://grafana.example/d/service?viewPanel=1',
};
const ALERT: Alert = {
  alert: 'Down',
  expr: 'up == 0',
  labels: { severity: 'page' },
  annotations: ANNOTATIONS,
  file: 'a.rules.yml',
};

/** The messages about an alert with the given moments: at a minute, whether it fires then. */
async function lint(
  changed: Partial<Alert>,
  moments: readonly (readonly [string, boolean])[] = [
    ['90s', false],
    ['10m', true],
    ['1h', false],
  ],
): Promise<string[]> {
  const testFile: AlertTestFile = {
    path: 'a.test.yml',
    rule_files: ['a.rules.yml'],
    tests: [
      {
        name: 'down',
        interval: '1m',
        input_series: [],
        alert_rule_test: moments.map(([eval_time, fires]) => ({
          alertname: 'Down',
          eval_time,
          exp_alerts: fires ? [{ exp_labels: {} }] : [],
        })),
      },
    ],
  };
  const alerts = { ruleFiles: [], alerts: [{ ...ALERT, ...changed }], testFiles: [testFile] };
  const root = join(import.meta.dirname, '..');
  return (await lintAlerts(alerts, root)).map(({ message }) => message);
}

describe('lintAlerts', () => {
  test('finds nothing at an alert that is described and tested', async () => {
    expect(await lint({})).toEqual([]);
  });

  test('names the texts that are missing', async () => {
    const { summary: _, ...annotations } = ANNOTATIONS;
    expect(await lint({ annotations, labels: {} })).toEqual([
      'Down has no annotation "summary".',
      'Down has no label "severity", by which Alertmanager routes.',
    ]);
  });

  test('looks whether a runbook of the project is there', async () => {
    const runbook = (url: string) => lint({ annotations: { ...ANNOTATIONS, runbook_url: url } });
    expect(await runbook('{{ $externalLabels.repository_url }}/no-such.md')).toEqual([
      'The runbook of Down is not there: no-such.md.',
    ]);
    expect(await runbook('https://wiki.example/down')).toEqual([]);
  });

  test.for(['/d/service?viewPanel=1', '{{ $labels.job }}/d/service'])(
    'finds a link that leads nowhere from outside: %s',
    async (url) => {
      expect(await lint({ annotations: { ...ANNOTATIONS, dashboard_url: url } })).toEqual([
        `dashboard_url of Down leads nowhere from outside this project: ${url}.`,
      ]);
    },
  );

  test.for([
    [[['10m', true]], ['not yet fire before it does', 'end after it fired']],
    [[['90s', false]], ['fire', 'not yet fire before it does', 'end after it fired']],
    [
      [
        ['1h', true],
        ['90s', false],
      ],
      ['end after it fired'],
    ],
  ] as const)('wants to see %j end, too', async ([moments, unseen]) => {
    expect(await lint({}, moments)).toEqual(
      unseen.map((state) => `No promtool test shows Down ${state}.`),
    );
  });
});
