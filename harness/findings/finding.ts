/**
 * Something wrong with the service under test or with a contract. Never thrown by Tally's own
 * failures: those are HarnessErrors.
 */
export interface Finding {
  /** Short and stable, e.g. "reconciliation/provider_requests". */
  check: string;
  /** What was expected, what was found, with every value; complete sentences. No secret in it. */
  message: string;
  /** Where to look or what to change, when Tally can tell. */
  fix?: string;
}
