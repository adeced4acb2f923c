import { parseDuration } from '#harness/promql/parse-duration.ts';
import { selectorsOf } from '#harness/promql/selectors-of.ts';
import type { Alert, AlertTestFile } from '../load-alerts.ts';
import { expandSeries } from './expand-series.ts';

/** The moment of a unit test at which an alert fires, and the samples that lead to it. */
export interface FiringMoment {
  test: AlertTestFile['tests'][number];
  evalSeconds: number;
  /** The labels of each alert that fires then, without its name. */
  expected: readonly Readonly<Record<string, string>>[];
}

/** The first moment at which a unit test expects the alert to fire. */
export function firingMomentOf(
  { alert }: Alert,
  files: readonly AlertTestFile[],
): FiringMoment | undefined {
  for (const test of files.flatMap(({ tests }) => tests)) {
    for (const { alertname, eval_time, exp_alerts } of test.alert_rule_test) {
      if (alertname !== alert || exp_alerts.length === 0) continue;
      const expected = exp_alerts.map(({ exp_labels }) => exp_labels);
      return { test, evalSeconds: parseDuration(eval_time), expected };
    }
  }
  return undefined;
}

/**
 * The samples of a unit test as OpenMetrics, moved in time so that its firing moment is `nowSeconds`.
 * For an alert with a `for:` they also say that it has been pending for so long, as Prometheus itself
 * does for the time after a restart.
 */
export function timelineText(alert: Alert, moment: FiringMoment, nowSeconds: number): string {
  const offset = nowSeconds - moment.evalSeconds;
  const interval = parseDuration(moment.test.interval);
  const samples = moment.test.input_series.flatMap(({ series, values }) => {
    const { metric, text } = compact(series);
    // Such a value is a time, and in a unit test time begins at 0.
    const shift = metric.endsWith('_timestamp_seconds') ? offset : 0;
    return expandSeries(values).flatMap((value, index) => {
      if (value === undefined || index * interval > moment.evalSeconds) return [];
      return `${text} ${value + shift} ${offset + index * interval}`;
    });
  });
  const pendingSeconds = parseDuration(alert.for ?? '0');
  const pending = moment.expected.map((labels) => {
    const series = seriesText('ALERTS_FOR_STATE', { alertname: alert.alert, ...labels });
    return `${series} ${nowSeconds - pendingSeconds - 1} ${nowSeconds}`;
  });
  return [...samples, ...(pendingSeconds > 0 ? pending : []), '# EOF\n'].join('\n');
}

/** OpenMetrics allows no spaces between labels. */
function compact(series: string): { metric: string; text: string } {
  const [{ metric, matchers } = { metric: '', matchers: [] }] = selectorsOf(series);
  const labels = Object.fromEntries(matchers.map(({ label, value }) => [label, value]));
  return { metric, text: seriesText(metric, labels) };
}

function seriesText(metric: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${metric}{${pairs.join(',')}}`;
}
