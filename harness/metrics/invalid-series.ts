import { HarnessError } from '#harness/errors/harness-error.ts';

/** The error for a text of the config or of a test that should name a series but does not. */
export function invalidSeries(text: string, cause?: Error): HarnessError {
  return new HarnessError(
    `${JSON.stringify(text)} is no series${cause === undefined ? '' : `: ${cause.message}`}.`,
    {
      code: 'H_METRICS_SERIES',
      fix: 'Write a metric name and, in braces, its labels, e.g. http_requests_total{method="POST"}.',
      cause,
    },
  );
}
