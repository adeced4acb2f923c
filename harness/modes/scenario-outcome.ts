import type { Row } from '#harness/database/database-reader.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { Movement } from '#harness/metrics/movement.ts';
import type { ServiceCall } from '#harness/traffic/service-call.ts';

/** What one scenario came to in one mode. */
export interface ScenarioOutcome {
  scenario: string;
  calls: readonly ServiceCall[];
  movement: Movement;
  /** The rows it added, by table. */
  rows: Readonly<Record<string, readonly Row[]>>;
  /** How many comparisons were made. */
  checks: number;
  /** Differences from what the scenario promises. */
  findings: readonly Finding[];
}
