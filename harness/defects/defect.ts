import type { TallyConfig } from '#harness/config/tally-config.ts';

/** A passage of one file of the service, replaced in a copy of it. */
export interface Patch {
  /** From the root of the project. */
  file: string;
  /** Must occur exactly once. */
  find: string;
  replace: string;
}

/** A mistake planted on purpose: Tally must find it, or Tally proves nothing. */
export interface Defect {
  /** kebab-case; unique. */
  name: string;
  /** One sentence: what the service then does wrongly, and where it was seen in the field. */
  says: string;
  patches?: readonly Patch[];
  /** A mistake in the configuration instead of the service. */
  misconfigure?: (config: TallyConfig) => TallyConfig;
  /** Scenarios that suffice to see it, without panels; all but the recorded ones when left out. */
  shownBy?: readonly string[];
  /** The finding's check that must name it. */
  caughtBy: string;
}
