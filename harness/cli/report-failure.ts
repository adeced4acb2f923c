import { HarnessError } from '#harness/errors/harness-error.ts';
import { EXIT_HARNESS_FAILED } from '#harness/gates/verdict.ts';
import type { Output } from './output.ts';
import { EXIT_INTERRUPTED, Interrupted } from './signals.ts';

/** Says what failed and how to mend it. Returns the exit code: this is never a finding. */
export function reportFailure(error: unknown, output: Output): number {
  if (error instanceof Interrupted) {
    output.failure(error.message);
    return EXIT_INTERRUPTED;
  }
  if (error instanceof HarnessError) {
    output.failure(error.message);
  } else {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    output.failure(
      `Tally failed in a way it did not foresee. Please report it with this text.\n${told}`,
    );
  }
  return EXIT_HARNESS_FAILED;
}
