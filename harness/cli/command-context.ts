import type { Output } from './output.ts';

/** What every command works with. */
export interface CommandContext {
  readonly output: Output;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Set by the command; 0 until then. */
  exitCode: number;
}
