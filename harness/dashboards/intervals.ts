/** What Grafana's round-off makes of an interval: below the limit in ms, this many ms. */
const ROUNDED: readonly (readonly [number, number])[] = [
  [15, 10],
  [35, 20],
  [75, 50],
  [150, 100],
  [350, 200],
  [750, 500],
  [1_500, 1_000],
  [3_500, 2_000],
  [7_500, 5_000],
  [12_500, 10_000],
  [17_500, 15_000],
  [25_000, 20_000],
  [45_000, 30_000],
  [90_000, 60_000],
  [210_000, 120_000],
  [450_000, 300_000],
  [750_000, 600_000],
  [1_050_000, 900_000],
  [1_500_000, 1_200_000],
  [2_700_000, 1_800_000],
  [5_400_000, 3_600_000],
];

/** The time range of a dashboard, and what decides how finely it is drawn. Milliseconds. */
export interface DrawnRange {
  rangeMs: number;
  scrapeIntervalMs: number;
  /** How many points a panel draws at most; Grafana's API takes 100. */
  pointsMax: number;
}

/** `$__interval`, the step of a query: never finer than the scrapes, nor over 11,000 points. */
export function intervalMs({ rangeMs, scrapeIntervalMs, pointsMax }: DrawnRange): number {
  const exactMs = Math.max(rangeMs / pointsMax, rangeMs / 11_000);
  const rounded = ROUNDED.find(([limitMs]) => exactMs <= limitMs)?.[1] ?? exactMs;
  return Math.max(rounded, scrapeIntervalMs);
}

/** `$__rate_interval`: long enough for four scrapes, so that one that fails leaves a rate. */
export function rateIntervalMs(drawn: DrawnRange): number {
  return Math.max(intervalMs(drawn) + drawn.scrapeIntervalMs, 4 * drawn.scrapeIntervalMs);
}
