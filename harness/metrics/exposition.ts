/** Label names and values, names sorted. A label with an empty value is no label, as in Prometheus. */
export type Labels = Readonly<Record<string, string>>;

/** One time series by its identity. */
export interface Series {
  readonly name: string;
  readonly labels: Labels;
  /** Canonical text, e.g. `x_total{a="1",b="2"}`: equal keys are the same series. */
  readonly key: string;
}

export interface Sample extends Series {
  readonly value: number;
  /** The value as the service printed it. */
  readonly text: string;
}

export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped';

export interface MetricFamily {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string | undefined;
  readonly samples: readonly Sample[];
}

/** Everything one answer of /metrics says, families by name in the order of the text. */
export interface Exposition {
  readonly families: ReadonlyMap<string, MetricFamily>;
}
