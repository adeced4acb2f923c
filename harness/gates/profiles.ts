import type { GateName } from './gate.ts';

/** Which gates must have run for a PASS. */
export const PROFILES = {
  local: ['environment', 'contracts', 'modes', 'reconciliation'],
  ci: ['environment', 'contracts', 'modes', 'reconciliation', 'coverage'],
  // What goes out rests on what providers really answer.
  release: ['environment', 'contracts', 'modes', 'reconciliation', 'recordings', 'coverage'],
} as const satisfies Record<string, readonly GateName[]>;

export type ProfileName = keyof typeof PROFILES;
