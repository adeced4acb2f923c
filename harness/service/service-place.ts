import type { ProcessLog } from '#harness/processes/process-log.ts';
import type { ServiceExit } from './service.ts';

/** Where a service runs, and how it and the harness find each other. */
export interface ServicePlace {
  /** What the service listens on. */
  readonly listenHost: string;
  /** Where the harness finds the service's port. */
  readonly serviceHost: string;
  /** Where a server of the harness listens for the service, and where the service then finds it. */
  readonly harness: { readonly listenOn: string; readonly host: string };
  /** URL of a database of the stack, as the service reaches it. */
  databaseUrl(url: string): string;
  /** Starts one process. Resolves with one that has ended where it could not be started. */
  launch(options: LaunchOptions): Promise<LaunchedProcess>;
}

export interface LaunchOptions {
  /** Chosen on this machine. */
  port: number;
  environment: Readonly<Record<string, string>>;
}

/** One process of a service, from its start to its end. */
export interface LaunchedProcess {
  readonly log: ProcessLog;
  /** Undefined where it is no process of this machine. */
  readonly pid: number | undefined;
  readonly isRunning: boolean;
  readonly exited: Promise<ServiceExit>;
  /** Asks it to end, or ends it. Nothing happens when it has ended already. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}
