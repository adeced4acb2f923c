import { parseDashboard } from '#harness/dashboards/load-dashboards.ts';
import type { Preview } from './drawn.ts';

const FROM = 1_790_000_000;
const TIMES = Array.from({ length: 61 }, (_, index) => FROM + index);
const HOSTILE = '</script><img src=x onerror="throw 1">\u2028';

function panel(id: number, type: string, more: object = {}) {
  return {
    id,
    type,
    title: `A ${type}`,
    description:
      'What it shows, in a sentence that is long enough to be broken on a narrow screen.',
    gridPos: { x: id % 2 === 0 ? 12 : 0, y: 1 + 8 * Math.floor((id - 1) / 2), w: 12, h: 8 },
    targets: [
      { refId: 'A', expr: `up{model=~"${HOSTILE}"}` },
      { refId: 'B', expr: 'up' },
    ],
    fieldConfig: {
      defaults: {
        unit: 's',
        thresholds: {
          steps: [
            { color: 'green', value: null },
            { color: 'red', value: 0.5 },
          ],
        },
      },
    },
    ...more,
  };
}

/** A page's content with a panel of each type, one without data, and a label that means harm. */
export function previewFixture(): Preview {
  const transformations = [{ id: 'organize', options: { renameByName: { 'Value #A': 'checks' } } }];
  const words = [{ type: 'value', options: { '60': { text: 'DONE', color: 'green' } } }];
  const dashboard = parseDashboard({
    uid: 'look',
    title: 'Look',
    panels: [
      { id: 101, type: 'row', title: 'Row', gridPos: { x: 0, y: 0, w: 24, h: 1 } },
      panel(1, 'timeseries'),
      panel(2, 'stat', {
        fieldConfig: { defaults: { mappings: words } },
      }),
      panel(3, 'bargauge'),
      panel(4, 'table', { transformations }),
      panel(5, 'timeseries', { title: 'Empty' }),
      panel(6, 'heatmap'),
    ],
  });
  const names = [HOSTILE, ...Array.from({ length: 30 }, (_, index) => `series ${index}`)];
  const frames = names.map((name, index) => ({
    refId: 'A',
    name,
    labels: { gate: name },
    values: TIMES.map((_, at) => (at % 10 === 3 ? null : at / (index + 1))),
  }));
  return {
    subject: 'the service',
    fromSeconds: FROM,
    toSeconds: FROM + 60,
    stepMs: 1_000,
    rateIntervalMs: 4_000,
    dashboards: [
      {
        dashboard,
        variables: { job: 'service' },
        panels: dashboard.panels.map((each) =>
          each.title === 'Empty'
            ? { panel: each, times: [], frames: [], empty: { A: 'a run is no day', B: 'gone' } }
            : { panel: each, times: TIMES, frames, empty: { B: 'nothing of B' } },
        ),
      },
      {
        dashboard: parseDashboard({ uid: 'other', title: 'Other', panels: [] }),
        panels: [],
        variables: {},
        problem: 'The variable job offers no value.',
      },
    ],
  };
}
