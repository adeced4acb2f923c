import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Finding } from '#harness/findings/finding.ts';
import { parseDuration } from '#harness/promql/parse-duration.ts';
import type { Alert, Alerts } from './load-alerts.ts';

const ANNOTATIONS = ['summary', 'description', 'runbook', 'dashboard'] as const;

/** What is missing at an alert for someone whom it wakes, or for someone who changes it. */
export async function lintAlerts(alerts: Alerts, root: string): Promise<Finding[]> {
  const findings = await Promise.all(
    alerts.alerts.map(async (alert) => [
      ...lintTexts(alert),
      ...(await lintRunbook(alert, root)),
      ...lintTests(alert, alerts.testFiles),
    ]),
  );
  return findings.flat();
}

function lintTexts({ alert, labels, annotations }: Alert): Finding[] {
  const missing = ANNOTATIONS.filter((name) => !annotations[name]).map((name) => ({
    check: `alerts/${alert}/${name}`,
    message: `${alert} has no annotation "${name}".`,
  }));
  if (labels['severity']) return missing;
  const message = `${alert} has no label "severity", by which Alertmanager routes.`;
  return [...missing, { check: `alerts/${alert}/severity`, message }];
}

async function lintRunbook({ alert, annotations }: Alert, root: string): Promise<Finding[]> {
  const { runbook = '' } = annotations;
  if (runbook === '' || /^https?:/.test(runbook)) return [];
  try {
    await access(resolve(root, runbook));
    return [];
  } catch {
    const message = `The runbook of ${alert} is not there: ${runbook}.`;
    return [{ check: `alerts/${alert}/runbook`, message }];
  }
}

function lintTests({ alert }: Alert, files: Alerts['testFiles']): Finding[] {
  return untestedStates({ alert }, files).map((state) => ({
    check: `alerts/${alert}/untested-${state}`,
    message: `No promtool test shows ${alert} ${STATES[state]}.`,
  }));
}

/** Each alert must be seen to fire, and in the same test not to fire before and after. */
export function untestedStates(
  { alert }: Pick<Alert, 'alert'>,
  files: Alerts['testFiles'],
): (keyof typeof STATES)[] {
  const seen = { firing: false, silent: false, recovery: false };
  for (const test of files.flatMap(({ tests }) => tests)) {
    const states = test.alert_rule_test
      .filter(({ alertname }) => alertname === alert)
      .sort((a, b) => parseDuration(a.eval_time) - parseDuration(b.eval_time))
      .map(({ exp_alerts }) => exp_alerts.length > 0);
    const first = states.indexOf(true);
    seen.firing ||= first >= 0;
    seen.silent ||= states.indexOf(false) >= 0 && states.indexOf(false) < first;
    seen.recovery ||= first >= 0 && states.indexOf(false, first) >= 0;
  }
  return (['firing', 'silent', 'recovery'] as const).filter((state) => !seen[state]);
}

const STATES = {
  firing: 'fire',
  silent: 'not yet fire before it does',
  recovery: 'end after it fired',
};
