import { z } from 'zod';
import type { Labels } from './exposition.ts';

/** One series of an instant query's answer. */
export interface PromqlRow {
  readonly labels: Labels;
  readonly value: number;
  /** The value as Prometheus printed it. It is a float64: integers are exact up to 2^53. */
  readonly text: string;
}

/** One stored sample, with its time exactly as Prometheus gives it. */
export interface StoredSample {
  readonly atSeconds: number;
  readonly value: number;
}

/** One series of a range selector's answer: its stored samples, oldest first. */
export interface StoredSeries {
  readonly labels: Labels;
  readonly samples: readonly StoredSample[];
}

const point = z.tuple([z.number(), z.string()]);
const metric = z.record(z.string(), z.string());
// A series with "histogram" instead of "value" is a native histogram: no single number.
const vector = z.array(z.object({ metric, value: point }));
const matrix = z.array(z.object({ metric, values: z.array(point) }));

export const promqlAnswer = z.object({
  status: z.literal('success'),
  warnings: z.array(z.string()).optional(),
  data: z.discriminatedUnion('resultType', [
    z.object({ resultType: z.literal('vector'), result: vector }),
    z.object({ resultType: z.literal('scalar'), result: point }),
    z.object({ resultType: z.literal('matrix'), result: matrix }),
  ]),
});

export type PromqlData = z.infer<typeof promqlAnswer>['data'];

/** The rows of a vector or scalar; undefined for a range of samples. */
export function rowsOf(data: PromqlData): PromqlRow[] | undefined {
  if (data.resultType === 'scalar') return [rowOf({}, data.result)];
  if (data.resultType === 'matrix') return undefined;
  return data.result.map((series) => rowOf(series.metric, series.value));
}

/** The stored samples of a range; undefined for a vector or scalar. */
export function storedSeriesOf(data: PromqlData): StoredSeries[] | undefined {
  if (data.resultType !== 'matrix') return undefined;
  return data.result.map(({ metric: labels, values }) => ({
    labels,
    samples: values.map(([atSeconds, text]) => ({ atSeconds, value: toNumber(text) })),
  }));
}

function rowOf(labels: Labels, [, text]: z.infer<typeof point>): PromqlRow {
  return { labels, value: toNumber(text), text };
}

function toNumber(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}
