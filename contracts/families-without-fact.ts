const STATED_BY_TESTS = 'No scenario causes it; the tests in credentials/ state each movement.';

/** Metrics of the service that no fact asks for, and why nobody misses it. */
export const FAMILIES_WITHOUT_FACT: Readonly<Record<string, string>> = {
  byom_build_info: 'It tells which build runs and is no amount.',
  byom_production: 'It is no amount; summary/ compares it with the mode.',
  byom_snapshot_epoch: 'It is the fence at which all facts are read.',
  byom_credential_validations_total: STATED_BY_TESTS,
  byom_credential_decrypt_failures_total: STATED_BY_TESTS,
  byom_credentials_rotated_total: STATED_BY_TESTS,
};
