/**
 * For other people's vitest tests: `import { createMetricsReader } from 'tally/testing'` reads the
 * metrics of any service, and adds the matchers for their movements to `expect`.
 */
import './matchers.ts';

export { HarnessError } from '../errors/harness-error.ts';
export type { StatedMovement } from '../metrics/compare-movement.ts';
export {
  createMetricsReader,
  type MetricsReader,
  type MetricsReaderOptions,
} from '../metrics/metrics-reader.ts';
export type { Movement } from '../metrics/movement.ts';
export type { Observations } from '../metrics/observations.ts';
