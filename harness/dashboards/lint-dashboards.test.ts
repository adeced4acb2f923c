import { describe, expect, test } from 'vitest';
import { lintDashboards } from './lint-dashboards.ts';
import { parseDashboard } from './load-dashboards.ts';

const DATASOURCE = { uid: '$' + '{datasource}' };

const PANEL = {
  id: 1,
  type: 'timeseries',
  title: 'Errors',
  description: 'Server errors.',
  datasource: DATASOURCE,
  targets: [
    {
      refId: 'A',
      expr: 'errors{job="$job"}',
      legendFormat: 'all',
      instant: false,
      datasource: DATASOURCE,
    },
  ],
  fieldConfig: {
    defaults: { unit: 'none', thresholds: { steps: [{ value: null }, { value: 5 }] } },
  },
};
const DASHBOARD = {
  uid: 'service',
  title: 'Service',
  editable: false,
  templating: {
    list: [
      {
        name: 'datasource',
        type: 'datasource',
        query: 'prometheus',
        multi: false,
        includeAll: false,
      },
    ],
  },
  panels: [PANEL],
};
const ALERT = {
  alert: 'Errors',
  expr: 'errors > 5',
  labels: {},
  annotations: { dashboard_url: '/d/service?viewPanel=1' },
  file: 'a.rules.yml',
};

interface Change {
  dashboard?: Omit<Partial<typeof DASHBOARD>, 'templating'> & { templating?: { list: [] } };
  panel?: Omit<Partial<typeof PANEL>, 'targets'> & { targets?: object[] };
  expr?: string;
}

/** The messages about one dashboard and one alert. */
function lint(changed: Change) {
  const panels = changed.dashboard?.panels ?? [{ ...PANEL, ...changed.panel }];
  const dashboard = { ...DASHBOARD, ...changed.dashboard, panels };
  const alert = { ...ALERT, expr: changed.expr ?? ALERT.expr };
  return lintDashboards([parseDashboard(dashboard)], [alert]).map(({ message }) => message);
}

describe('lintDashboards', () => {
  test('finds nothing at a good dashboard', () => {
    expect(lint({})).toEqual([]);
  });

  test.for<[Change, string]>([
    [{ dashboard: { title: '' } }, 'It has no title.'],
    [
      { dashboard: { editable: true } },
      'It can be edited in Grafana, where the next start throws the change away.',
    ],
    [{ dashboard: { templating: { list: [] } } }, 'It has no variable for the data source.'],
    [{ dashboard: { panels: [PANEL, PANEL] } }, 'Two of its panels have the same id (1, 1).'],
    [{ panel: { description: '' } }, 'The panel "Errors" has no description.'],
    [{ panel: { title: '' } }, 'The panel 1 has no title.'],
    [
      { panel: { datasource: { uid: 'abc' } } },
      'The panel "Errors" names a data source instead of the variable.',
    ],
    [{ panel: { targets: [] } }, 'The panel "Errors" has no query.'],
    [
      {
        panel: {
          targets: [
            {
              refId: 'A',
              expr: 'errors',
              legendFormat: 'all',
              instant: false,
              datasource: DATASOURCE,
            },
          ],
        },
      },
      'The panel "Errors": errors shows every job of the data source; choose one.',
    ],
    [{ expr: 'errors > 6' }, 'The panel "Errors" does not draw Errors\'s threshold 6.'],
    [{ dashboard: { uid: 'other' } }, 'Errors links to no panel: "/d/service?viewPanel=1".'],
  ])('%o: %s', ([changed, message]) => {
    expect(lint(changed)).toEqual([message]);
  });

  test('names everything that a panel lacks', () => {
    const { fieldConfig: _, ...withoutUnit } = PANEL;
    const panels = [{ ...withoutUnit, id: 0 }];
    expect(
      lintDashboards([parseDashboard({ ...DASHBOARD, panels })], []).map(({ message }) => message),
    ).toEqual([
      'The panel "Errors" has no id of its own, so no alert can link to it.',
      'The panel "Errors" has no unit.',
    ]);
  });
});
