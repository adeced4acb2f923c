import type { Finding } from '#harness/findings/finding.ts';
import type { GrafanaClient } from './grafana-client.ts';

export interface CheckedServers {
  /** The uid of its data source. */
  dataSource: string;
  /** The names of the alerts that it must list. */
  alerts: readonly string[];
  /** Matchers that select the series of one scraped service. */
  selector: string;
  /** When it was scraped, milliseconds since the epoch. */
  toMs: number;
}

const STEP_MS = 1_000;

/** Grafana is well, its data source is the Prometheus that saw the run, and has the alerts. */
export async function checkServers(
  grafana: GrafanaClient,
  { dataSource, alerts, selector, toMs }: CheckedServers,
): Promise<readonly Finding[]> {
  const [{ database }, { status, message }] = await Promise.all([
    grafana.health(),
    grafana.dataSourceHealth(dataSource),
  ]);
  if (database !== 'ok') {
    return [{ check: 'grafana/health', message: `Grafana's own database is "${database}".` }];
  }
  if (status !== 'OK') {
    const said = `The data source "${dataSource}" is not well: ${message || status}.`;
    return [{ check: 'grafana/data-source', message: said }];
  }
  const seen = await grafana.query({
    dataSource,
    expr: `up{${selector}}`,
    isInstant: true,
    ...{ fromMs: toMs - STEP_MS, toMs, intervalMs: STEP_MS, pointsMax: 1 },
  });
  if ('error' in seen || !seen.hasData) {
    const why = 'error' in seen ? seen.error : 'it has no such series';
    return [
      {
        check: 'grafana/data-source',
        message: `The data source "${dataSource}" is not the Prometheus that saw this run: up{${selector}}: ${why}.`,
        fix: 'Let its URL be that of the Prometheus of this run.',
      },
    ];
  }
  return await checkAlerts(grafana, { dataSource, alerts });
}

async function checkAlerts(
  grafana: GrafanaClient,
  { dataSource, alerts }: Pick<CheckedServers, 'dataSource' | 'alerts'>,
): Promise<Finding[]> {
  const listed = await grafana.alertRules(dataSource);
  return alerts.flatMap((alert) => {
    const rule = listed.find(({ name }) => name === alert);
    if (rule !== undefined && rule.health !== 'err') return [];
    const what = rule === undefined ? 'does not list it' : 'says that its evaluation fails';
    return [{ check: `grafana/alerts/${alert}`, message: `${alert}: Grafana ${what}.` }];
  });
}
