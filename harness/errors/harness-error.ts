import type { HarnessErrorCode } from './codes.ts';

/** What a HarnessError carries besides its message. */
export interface HarnessErrorOptions {
  code: HarnessErrorCode;
  /** One imperative sentence: what the user does to mend it. */
  fix: string;
  cause?: unknown;
}

/**
 * Something is wrong with Tally or with its environment: never with the service under test
 * (that is a Finding). Ends a command with exit code 70.
 */
export class HarnessError extends Error {
  readonly code: HarnessErrorCode;
  readonly fix: string;

  /** `what` says what failed, on what, with which value. It must hold no secret. */
  constructor(what: string, { code, fix, cause }: HarnessErrorOptions) {
    super(`${what}\nfix: ${fix}\n[${code}]`, cause === undefined ? undefined : { cause });
    this.name = 'HarnessError';
    this.code = code;
    this.fix = fix;
  }
}
