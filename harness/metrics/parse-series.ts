import type { Series } from './exposition.ts';
import { invalidSeries } from './invalid-series.ts';
import { MalformedSeries, readSeries } from './read-series.ts';

/**
 * The series that a text of the config or of a test names. Throws HarnessError H_METRICS_SERIES,
 * in which the text is shown as `shown`.
 */
export function parseSeries(text: string, shown = text): Series {
  try {
    const { series, end } = readSeries(text);
    if (text.slice(end).trim() === '') return series;
  } catch (error) {
    if (!(error instanceof MalformedSeries)) throw error;
    throw invalidSeries(shown, error);
  }
  throw invalidSeries(shown);
}
