import type { Alerts } from '#harness/alerts/load-alerts.ts';
import type { TallyConfig } from '#harness/config/tally-config.ts';
import { findUnshown } from '#harness/dashboards/find-unshown.ts';
import type { Dashboard } from '#harness/dashboards/load-dashboards.ts';
import type { Exposition } from '#harness/metrics/exposition.ts';
import type { Item } from './measure.ts';

export interface ShownBy {
  config: Pick<TallyConfig, 'dashboards'>;
  dashboards: readonly Dashboard[];
  alerts: Alerts;
}

/** Every family that need be shown; covered is one that a panel or an alert asks for. */
export function shownItems(
  expositions: readonly Exposition[],
  { config, dashboards, alerts: { alerts } }: ShownBy,
): Item[] {
  const samples = expositions.flatMap(({ families }) =>
    [...families.values()].flatMap((family) => family.samples),
  );
  const panels = dashboards.flatMap((dashboard) => dashboard.panels);
  const { families, unexcused, unshown } = findUnshown({
    series: [...new Set(samples.map(({ name }) => name))].map((name) => ({ __name__: name })),
    expressions: [...panels.flatMap(({ targets }) => targets), ...alerts].map(({ expr }) => expr),
    reasons: config.dashboards?.notShown ?? {},
  });
  return families
    .filter((name) => !unshown.includes(name) || unexcused.includes(name))
    .map((name) => ({
      name,
      isCovered: !unexcused.includes(name),
      lacks: 'no panel and no alert looks at it',
    }));
}
