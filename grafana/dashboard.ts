import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE } from './datasource.ts';

export interface DashboardOptions {
  /** Never changes: alerts link to it. */
  uid: string;
  title: string;
  description: string;
  tag: string;
  /** A metric that every job has which the dashboard can show. */
  shownBy: string;
  /** `label_values()` queries by the name of the variable that chooses among them, "All" included. */
  choices: Readonly<Record<string, string>>;
  /** Panels by the title of their row. */
  rows: Readonly<Record<string, readonly Builder<Panel>[]>>;
}

/** A dashboard with the variables that all have: the data source, the job, and its own. */
export function dashboard(options: DashboardOptions) {
  const { uid, title, description, tag, shownBy, choices, rows } = options;
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([tag])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .withVariable(
      new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
    )
    .withVariable(choice('job', `label_values(${shownBy}, job)`));
  for (const [name, query] of Object.entries(choices)) {
    const all = { text: 'All', value: '$__all' };
    builder.withVariable(choice(name, query).multi(true).includeAll(true).current(all));
  }
  for (const [index, [name, panels]] of Object.entries(rows).entries()) {
    builder.withRow(new RowBuilder(name).id(FIRST_ROW_ID + index));
    for (const panel of panels) builder.withPanel(panel);
  }
  return builder.build();
}

/** Rows have ids too, which no panel may have. */
const FIRST_ROW_ID = 101;

function choice(name: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(name[0]?.toUpperCase() + name.slice(1))
    .datasource(DATASOURCE)
    .query({ query, refId: name })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
}
