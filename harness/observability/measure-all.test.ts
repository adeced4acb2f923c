import { describe, expect, test } from 'vitest';
import type { Alert, Alerts } from '#harness/alerts/load-alerts.ts';
import type { Dashboard } from '#harness/dashboards/load-dashboards.ts';
import { movementBetween } from '#harness/metrics/movement-between.ts';
import { parseExposition } from '#harness/metrics/parse-exposition.ts';
import type { ModeSegment } from '#harness/modes/mode-segment.ts';
import type { Fact } from '#harness/reconcile/fact.ts';
import type { MeasureName } from './measure.ts';
import { measureAll, type Observed } from './measure-all.ts';

const BEFORE = 'x_total{outcome="ok"} 0\nx_total{outcome="cut"} 0\ny_total{way="a"} 0\n';
const AFTER = 'x_total{outcome="ok"} 1\nx_total{outcome="cut"} 0\ny_total{way="a"} 0\n';
const ALERT: Alert = { alert: 'Loud', expr: 'y_total > 5', labels: {}, annotations: {}, file: '' };

/** A run in which a scenario moved x_total with outcome="ok", and the total was reconciled. */
function observe(differing: Partial<Observed> & { fired?: boolean } = {}): Observed {
  const movement = movementBetween(parseExposition(BEFORE), parseExposition(AFTER));
  const outcome = { scenario: 'success', calls: [], movement, rows: {}, checks: 1, findings: [] };
  const row = { name: 'total', labels: '', wire: '1', database: '-', summary: '1', promql: '1' };
  const segment: Pick<ModeSegment, 'outcomes' | 'facts' | 'summaryFields'> = {
    outcomes: [outcome],
    facts: [{ ...row, process: 1, equal: true }],
    summaryFields: ['http.total'],
  };
  return {
    config: { facts: [{ name: 'total', summary: { path: 'http.total' } } as Fact] },
    segments: [segment as ModeSegment],
    movedInTests: undefined,
    alerts: { ruleFiles: [], alerts: [ALERT], testFiles: [testsOf('5m', '10m', '15m')] },
    dashboards: [{ panels: [{ targets: [{ expr: 'sum(x_total)' }] }] } as unknown as Dashboard],
    firing: { fired: ['Loud'], failed: {} },
    ...differing,
  };
}

function testsOf(...moments: string[]): Alerts['testFiles'][number] {
  const alert_rule_test = moments.map((eval_time) => ({
    alertname: 'Loud',
    eval_time,
    exp_alerts: eval_time === '10m' ? [{ exp_labels: {} }] : [],
  }));
  const loud = { name: 'loud', interval: '1m', input_series: [], alert_rule_test };
  return { path: '', rule_files: [], tests: [loud] };
}

/** The one measure that is asked for. */
function take(name: MeasureName, differing: Partial<Observed> = {}) {
  const observed = observe(differing);
  const asked = { percent: 100 };
  const config = { ...observed.config, observability: { [name]: asked } };
  const [measured, ...more] = measureAll({ ...observed, config });
  expect(more).toEqual([]);
  return measured;
}

const missed = (name: MeasureName, differing: Partial<Observed> = {}) =>
  take(name, differing)?.measure.missing.map((item) => `${item.name}: ${item.lacks}`);

describe('measureAll', () => {
  test.for([
    ['metricFamilies', ['y_total: no scenario or test moved it']],
    [
      'labelValues',
      [
        'x_total{outcome="cut"}: no scenario or test moved it',
        'y_total{way="a"}: no scenario or test moved it',
      ],
    ],
  ] as const)('%s: names what nothing moved', ([name, missing]) => {
    expect(missed(name)).toEqual(missing);
    expect(take(name)?.findings).toHaveLength(1);
  });

  test.for(['metricFamilies', 'labelValues'] as const)('%s: counts what tests moved', (name) => {
    const movedInTests = ['x_total{outcome="cut"}', 'y_total{way="a"}'];
    expect(take(name, { movedInTests })).toMatchObject({ findings: [], measure: { missing: [] } });
  });

  test.for(['metricFamilies', 'labelValues'] as const)(
    '%s: waits for the tests where there are some',
    (name) => {
      const tests = { command: ['npm', 'test'], coverage: {} } as const;
      const config = { ...observe().config, tests: tests as never };
      expect(take(name, { config })).toMatchObject({
        findings: [],
        measure: { notRun: 'the test suite was not run (--no-tests)' },
      });
    },
  );

  test('label values of a family that may stand still are not asked for', () => {
    const { config } = observe();
    const observability = {
      metricFamilies: { percent: 100, except: { 'y_*': 'nothing can move it' } },
      labelValues: { percent: 100 },
    };
    const [families, values] = measureAll(observe({ config: { ...config, observability } }));
    expect(families?.findings).toEqual([]);
    expect(values?.measure.missing.map(({ name }) => name)).toEqual(['x_total{outcome="cut"}']);
  });

  test('shownFamilies: names what is on no panel and in no alert, but for given reasons', () => {
    expect(missed('shownFamilies')).toEqual([]);
    const alerts = { ...observe().alerts, alerts: [] };
    expect(missed('shownFamilies', { alerts })).toEqual([
      'y_total: no panel and no alert looks at it',
    ]);
    const dashboards = { folder: '', notShown: { y_total: 'for nobody' } };
    const config = { ...observe().config, dashboards };
    expect(take('shownFamilies', { alerts, config })?.measure).toMatchObject({ total: 1 });
  });

  test('testedAlerts: names the moments that no promtool test shows', () => {
    expect(missed('testedAlerts')).toEqual([]);
    const alerts = { ...observe().alerts, testFiles: [testsOf('10m')] };
    expect(missed('testedAlerts', { alerts })).toEqual([
      'Loud: no promtool test shows its silent and recovery moment',
    ]);
  });

  test('firedAlerts: names what did not fire, and does not know when nobody tried', () => {
    expect(missed('firedAlerts')).toEqual([]);
    const failed = { Loud: 'no webhook heard of it' };
    expect(missed('firedAlerts', { firing: { fired: [], failed } })).toEqual([
      'Loud: no webhook heard of it',
    ]);
    expect(take('firedAlerts', { firing: { notRun: 'no Alertmanager' } })).toMatchObject({
      findings: [],
      measure: { notRun: 'no Alertmanager', covered: 0 },
    });
  });

  test('summaryFields: names fields without a fact, and those whose fact nobody confirmed', () => {
    expect(missed('summaryFields')).toEqual([]);
    const { config, segments } = observe();
    expect(missed('summaryFields', { config: { ...config, facts: [] } })).toEqual([
      'http.total: no fact asks for it',
    ]);
    const unconfirmed = segments.map((segment) => ({ ...segment, facts: [] }));
    expect(missed('summaryFields', { segments: unconfirmed })).toEqual([
      'http.total: the fact total was not confirmed',
    ]);
  });
});
