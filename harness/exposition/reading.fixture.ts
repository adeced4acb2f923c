import { parseExposition } from '#harness/metrics/parse-exposition.ts';
import type { MetricsReading } from '#harness/metrics/read-metrics.ts';

/** A reading of this text. */
export function readingOf(text: string, durationMs = 1): MetricsReading {
  return { ...parseExposition(text), text, bytes: Buffer.byteLength(text), durationMs };
}
