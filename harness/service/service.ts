import type { ProcessLog } from '#harness/processes/process-log.ts';

/** A running service under test. */
export interface Service extends AsyncDisposable {
  readonly name: string;
  /** e.g. "http://127.0.0.1:23456"; stays the same over restarts. */
  readonly url: string;
  readonly log: ProcessLog;
  /** Undefined where it is no process of this machine. */
  readonly pid: number | undefined;
  /** True while the process has not ended. */
  readonly isRunning: boolean;
  /** SIGTERM, then SIGKILL after `graceMs` (10 s). Resolves with how it ended. Safe to call twice. */
  stop(options?: { graceMs?: number }): Promise<ServiceExit>;
  /** SIGKILL at once: what a crash looks like. */
  kill(): Promise<ServiceExit>;
  /** A planned stop and a new process on the same port with the same environment. */
  restart(): Promise<void>;
}

export interface ServiceExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Why it could not be started. */
  problem?: string;
}
