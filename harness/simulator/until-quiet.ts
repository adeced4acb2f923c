import { HarnessError } from '#harness/errors/harness-error.ts';
import type { Condition } from './condition.ts';
import type { ProviderLedger } from './ledger.ts';

export const WAIT_MS = 5_000;

/** Waits until no provider call is open. @throws HarnessError H_SIMULATOR_NOT_QUIET */
export function untilQuiet(
  ledger: ProviderLedger,
  condition: Condition,
  timeoutMs = WAIT_MS,
): Promise<void> {
  const onTimeout = () => notQuiet(ledger, timeoutMs);
  return condition.until(() => ledger.open === 0, { timeoutMs, onTimeout });
}

function notQuiet({ calls, open }: ProviderLedger, timeoutMs: number): HarnessError {
  const names = calls
    .filter((call) => call.end === undefined)
    .slice(0, 5)
    .map(
      (call) => `call ${call.id} (${call.operation}, ${call.contentEvents} content events sent)`,
    );
  const what = `After ${timeoutMs} ms ${open} provider calls are still open: ${names.join(', ')}.`;
  const fix = 'Release the calls that are held, or check that the service ends its provider calls.';
  return new HarnessError(what, { code: 'H_SIMULATOR_NOT_QUIET', fix });
}
