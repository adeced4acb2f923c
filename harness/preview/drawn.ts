import type { Dashboard, Panel } from '#harness/dashboards/load-dashboards.ts';

/** One series of a panel, with a value or a gap for each point in time of its panel. */
export interface Frame {
  refId: string;
  /** What the legend calls it. */
  name: string;
  labels: Readonly<Record<string, string>>;
  values: readonly (number | null)[];
}

/** A panel with what its queries answered. */
export interface DrawnPanel {
  panel: Panel;
  /** Seconds since the epoch, in steps. */
  times: readonly number[];
  frames: readonly Frame[];
  /** Why a query shows nothing, by its reference id. */
  empty: Readonly<Record<string, string>>;
}

export interface DrawnDashboard {
  dashboard: Dashboard;
  panels: readonly DrawnPanel[];
  /** What is chosen, by the name of the variable. */
  variables: Readonly<Record<string, string>>;
  /** Why none of it could be drawn. */
  problem?: string;
}

/** All that the page shows. */
export interface Preview {
  /** What was looked at, e.g. the service and its mode. */
  subject: string;
  /** Seconds since the epoch. */
  fromSeconds: number;
  toSeconds: number;
  stepMs: number;
  rateIntervalMs: number;
  dashboards: readonly DrawnDashboard[];
}
