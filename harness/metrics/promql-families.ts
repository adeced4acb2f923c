import { z } from 'zod';

/** The names of the families that /api/v1/metadata knows. */
export const promqlFamilies = z
  .object({ status: z.literal('success'), data: z.record(z.string(), z.unknown()) })
  .transform(({ data }): ReadonlySet<string> => new Set(Object.keys(data)));
