import { z } from 'zod';

const durationMs = z.number().nonnegative();
const count = z.number().int().nonnegative();

/**
 * What is known of a run: parts of `verdict.json`, each there as soon as it is known. A verdict of
 * an older Tally may lack some for ever.
 */
export const runStateSchema = z
  .object({
    /** ISO 8601, UTC. */
    startedAt: z.iso.datetime(),
    profile: z.string(),
    commit: z.string().nullable(),
    verdict: z.enum(['PASS', 'FAIL', 'INCOMPLETE']),
    durationMs,
    gates: z
      .array(
        z.object({
          name: z.string(),
          status: z.enum(['passed', 'failed', 'not-run']),
          checks: count,
          durationMs,
          findings: z.array(z.unknown()).readonly(),
          measures: z
            .array(z.object({ name: z.string(), covered: count, total: count }))
            .readonly()
            .optional(),
        }),
      )
      .readonly(),
    scenarios: z
      .array(z.object({ mode: z.string(), scenario: z.string(), findings: count }))
      .readonly(),
    phases: z.array(z.object({ mode: z.string(), phase: z.string(), durationMs })).readonly(),
    facts: z.array(z.object({ name: z.string(), mode: z.string(), equal: z.boolean() })).readonly(),
    cassettes: z.array(z.object({ provenance: z.string(), outcome: z.string() })).readonly(),
    tests: z.object({ passed: count, failed: count, skipped: count }),
  })
  .partial();

export type RunState = z.infer<typeof runStateSchema>;
