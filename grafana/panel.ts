import { PanelBuilder as BarsBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  MappingType,
  type Panel,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { DATASOURCE } from './datasource.ts';

const HEIGHT = 8;
const WIDTH_OF_LINES = 12;
const WIDTH_OF_STAT = 6;

export interface PanelOptions {
  /** Never changes: alerts link to it. */
  id: number;
  title: string;
  description: string;
  /** As Grafana calls it, e.g. "s", "percentunit", "reqps". */
  unit: string;
  /** PromQL by legend; they get the reference ids A, B, … in this order. */
  queries: Readonly<Record<string, string>>;
  /** From where on it is worth a look, and from where on it is bad: the thresholds of its alerts. */
  bad?: { yellow?: number; red: number };
  /** From where on it is good, where less is bad. */
  goodFrom?: number;
}

/** Lines over time. */
export function lines(options: PanelOptions): Builder<Panel> {
  const panel = new TimeseriesBuilder().span(WIDTH_OF_LINES).fillOpacity(10);
  panel.legend(new VizLegendOptionsBuilder().showLegend(true).displayMode(LegendDisplayMode.List));
  panel.tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi));
  if (options.bad !== undefined) {
    panel.thresholdsStyle(
      new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed),
    );
  }
  return describe(panel, options);
}

/** The last value, in large type; as a word where `words` has one for it, with its colour. */
export function stat(
  options: PanelOptions & { words?: Readonly<Record<string, { text: string; color: string }>> },
): Builder<Panel> {
  const panel = new StatBuilder().span(WIDTH_OF_STAT);
  if (options.words !== undefined) {
    panel.mappings([{ type: MappingType.ValueToText, options: options.words }]);
  }
  return describe(panel, options);
}

/** The last value of each series as a bar, one below the other. */
export function bars(options: PanelOptions): Builder<Panel> {
  const panel = new BarsBuilder().span(WIDTH_OF_LINES).orientation(VizOrientation.Horizontal);
  return describe(panel, options);
}

/** A line for each value of one label, a column for each query. */
export function table(options: PanelOptions): Builder<Panel> {
  const panel = new TableBuilder().span(WIDTH_OF_LINES);
  const columns = Object.keys(options.queries).map((name, index) => [
    `Value #${refIdAt(index)}`,
    name,
  ]);
  panel.withTransformation({ id: 'merge', options: {} });
  panel.withTransformation({
    id: 'organize',
    options: { excludeByName: { Time: true }, renameByName: Object.fromEntries(columns) },
  });
  return describe(panel, options);
}

type AnyBuilder = StatBuilder | BarsBuilder | TableBuilder | TimeseriesBuilder;

function describe<P extends AnyBuilder>(panel: P, options: PanelOptions): P {
  const { id, title, description, unit, queries } = options;
  const thresholds = new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(stepsOf(options));
  panel.id(id).title(title).description(description).unit(unit).height(HEIGHT).min(0);
  panel.datasource(DATASOURCE).thresholds(thresholds);
  for (const [index, [legend, expr]] of Object.entries(queries).entries()) {
    const query = new DataqueryBuilder().refId(refIdAt(index)).expr(expr).legendFormat(legend);
    if (panel instanceof TableBuilder) query.instant().format(PromQueryFormat.Table);
    else query.range();
    panel.withTarget(query.datasource(DATASOURCE));
  }
  return panel;
}

function refIdAt(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

function stepsOf({ bad, goodFrom }: PanelOptions): Threshold[] {
  if (goodFrom !== undefined) {
    return [
      { color: 'red', value: null },
      { color: 'green', value: goodFrom },
    ];
  }
  return [
    { color: 'green', value: null },
    ...(bad?.yellow === undefined ? [] : [{ color: 'yellow', value: bad.yellow }]),
    ...(bad === undefined ? [] : [{ color: 'red', value: bad.red }]),
  ];
}
