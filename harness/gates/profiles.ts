import { GATES, type GateName } from './gate.ts';

/** Which gates must have run for a PASS. */
export const PROFILES = {
  local: ['environment', 'contracts', 'modes', 'reconciliation', 'exposition'],
  ci: [
    'environment',
    'contracts',
    'modes',
    'reconciliation',
    'exposition',
    'alerts',
    'dashboards',
    'coverage',
    'observability',
  ],
  // What --service-url can look at.
  deployed: ['environment', 'contracts', 'reconciliation', 'exposition'],
  // What goes out rests on what providers really answer.
  release: GATES,
} as const satisfies Record<string, readonly GateName[]>;

export type ProfileName = keyof typeof PROFILES;
