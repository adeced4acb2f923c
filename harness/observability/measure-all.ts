import type { FiringResult } from '#harness/alerts/firing/firing-result.ts';
import type { Alerts } from '#harness/alerts/load-alerts.ts';
import type { TallyConfig } from '#harness/config/tally-config.ts';
import type { Dashboard } from '#harness/dashboards/load-dashboards.ts';
import type { Exposition } from '#harness/metrics/exposition.ts';
import type { ModeSegment } from '#harness/modes/mode-segment.ts';
import { firedAlertItems, testedAlertItems } from './alert-items.ts';
import { type Item, MEASURES, type Measured, type MeasureName, measure } from './measure.ts';
import { familyItems, labelValueItems } from './movement-items.ts';
import { movedSeries, seriesOf } from './series-of.ts';
import { shownItems } from './shown-items.ts';
import { summaryItems } from './summary-items.ts';

/** All that the measures look at. */
export interface Observed {
  config: Pick<TallyConfig, 'observability' | 'facts' | 'dashboards' | 'tests'>;
  segments: readonly ModeSegment[];
  /** Keys of the series that moved in the test suite; undefined when it was not run. */
  movedInTests: readonly string[] | undefined;
  alerts: Alerts;
  dashboards: readonly Dashboard[];
  firing: FiringResult | { notRun: string };
}

/** Takes every measure that the configuration has a threshold for. Pure. */
export function measureAll(observed: Observed): Measured[] {
  const asked = observed.config.observability ?? {};
  const items = itemsOf(observed);
  const {
    firing,
    movedInTests,
    config: { tests },
  } = observed;
  const withoutTests =
    tests !== undefined && movedInTests === undefined
      ? 'the test suite was not run (--no-tests)'
      : undefined;
  const notRun: Partial<Record<MeasureName, string | undefined>> = {
    metricFamilies: withoutTests,
    labelValues: withoutTests,
    firedAlerts: 'notRun' in firing ? firing.notRun : undefined,
  };
  return (Object.keys(MEASURES) as MeasureName[]).flatMap((name) => {
    const config = asked[name];
    if (config === undefined) return [];
    return [measure(name, items[name], { config, notRun: notRun[name] })];
  });
}

function itemsOf(observed: Observed): Record<MeasureName, readonly Item[]> {
  const { config, segments, alerts, dashboards, firing } = observed;
  const expositions = segments.flatMap(fullestExposition);
  const series = [...new Map(expositions.flatMap((each) => [...seriesOf(each)])).values()];
  const movements = segments.flatMap(({ outcomes }) => outcomes.map(({ movement }) => movement));
  const moved = new Set([
    ...movements.flatMap((movement) => [...movedSeries(movement)]),
    ...(observed.movedInTests ?? []),
  ]);
  const { metricFamilies, labelValues } = config.observability ?? {};
  return {
    metricFamilies: familyItems(series, moved),
    labelValues: labelValueItems(series, moved, {
      open: labelValues?.open ?? [],
      per: labelValues?.per ?? [],
      still: Object.keys(metricFamilies?.except ?? {}),
    }),
    shownFamilies: shownItems(expositions, { dashboards, alerts, config }),
    testedAlerts: testedAlertItems(alerts),
    firedAlerts: firedAlertItems(alerts, 'notRun' in firing ? { fired: [], failed: {} } : firing),
    summaryFields: summaryItems(segments, config.facts),
  };
}

/** What a segment showed when it showed most: some families exist only once they were asked for. */
function fullestExposition({ outcomes }: ModeSegment): Exposition[] {
  const shown = outcomes.map(({ movement }) => movement.after);
  return shown.sort((a, b) => b.families.size - a.families.size).slice(0, 1);
}
