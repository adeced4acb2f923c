import { HarnessError } from '#harness/errors/harness-error.ts';
import { DashboardProblem } from './interpolate.ts';

/** What an error says of a dashboard that is to blame for it. Throws every other error again. */
export function problemOf(error: unknown): string {
  const isRefused = error instanceof HarnessError && error.code === 'H_METRICS_QUERY_REFUSED';
  if (error instanceof DashboardProblem || isRefused) return error.message;
  throw error;
}
