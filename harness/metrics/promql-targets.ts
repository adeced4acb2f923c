import { z } from 'zod';
import type { Labels } from './exposition.ts';

/** One scrape target, as /api/v1/targets knows it. */
export interface PromqlTarget {
  readonly labels: Labels;
  /** "up", "down" or "unknown". */
  readonly health: string;
  /** Empty when the last scrape went well. */
  readonly lastError: string;
}

const target = z.object({
  labels: z.record(z.string(), z.string()),
  health: z.string(),
  lastError: z.string(),
});

export const promqlTargets = z
  .object({ status: z.literal('success'), data: z.object({ activeTargets: z.array(target) }) })
  .transform(({ data }): PromqlTarget[] => data.activeTargets);
