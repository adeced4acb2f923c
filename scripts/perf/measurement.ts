/** One measured quantity: the median of several runs. */
export interface Measurement {
  name: string;
  value: number;
  unit: 'ms' | 'requests/s' | 'MB';
  runs: number;
  /** What it should be at most (ms) or at least (requests/s) on an idle machine with two cores. */
  target?: number;
}
