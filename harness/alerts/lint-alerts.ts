import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Finding } from '#harness/findings/finding.ts';
import { parseDuration } from '#harness/promql/parse-duration.ts';
import type { Alert, Alerts } from './load-alerts.ts';

const ANNOTATIONS = ['summary', 'description', 'runbook_url', 'dashboard_url'] as const;
/** Links that must lead somewhere from a mail, from Alertmanager and from Grafana alike. */
const LINKS = ['runbook_url', 'dashboard_url'] as const;
/** An address, or what Prometheus puts in its place. */
const ABSOLUTE = /^(?:https?:\/\/|\{\{\s*\$external(?:Labels\.\w+|URL)\s*\}\}\/)/;

/** What is missing at an alert for someone whom it wakes, or for someone who changes it. */
export async function lintAlerts(alerts: Alerts, root: string): Promise<Finding[]> {
  const findings = await Promise.all(
    alerts.alerts.map(async (alert) => [
      ...lintTexts(alert),
      ...lintLinks(alert),
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

function lintLinks({ alert, annotations }: Alert): Finding[] {
  return LINKS.filter((name) => annotations[name] && !ABSOLUTE.test(annotations[name])).map(
    (name) => ({
      check: `alerts/${alert}/${name}`,
      message: `${name} of ${alert} leads nowhere from outside this project: ${annotations[name]}.`,
      fix: 'Begin it with https:// or with an external label, e.g. {{ $externalLabels.grafana_url }}/.',
    }),
  );
}

/** A runbook behind an external label is one of this project. */
async function lintRunbook({ alert, annotations }: Alert, root: string): Promise<Finding[]> {
  const { runbook_url: url = '' } = annotations;
  const [, path] = /^\{\{.*?\}\}\/(.+)$/.exec(url) ?? [];
  if (path === undefined) return [];
  try {
    await access(resolve(root, path));
    return [];
  } catch {
    const message = `The runbook of ${alert} is not there: ${path}.`;
    return [{ check: `alerts/${alert}/runbook_url`, message }];
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
