import { GATES, type GateName } from './gate.ts';

/** Which gates must have run for a PASS. */
export const PROFILES = {
  local: ['environment', 'contracts', 'modes', 'reconciliation'],
  ci: ['environment', 'contracts', 'modes', 'reconciliation', 'alerts', 'dashboards', 'coverage'],
  // What --service-url can look at.
  deployed: ['environment', 'contracts', 'reconciliation'],
  // What goes out rests on what providers really answer.
  release: GATES,
} as const satisfies Record<string, readonly GateName[]>;

export type ProfileName = keyof typeof PROFILES;
