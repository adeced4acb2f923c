import { type OnThisMachineOptions, onThisMachine } from './on-this-machine.ts';
import { type RunServiceOptions, runService } from './run-service.ts';
import type { Service } from './service.ts';

export interface StartServiceOptions
  extends OnThisMachineOptions,
    Omit<RunServiceOptions, 'place'> {}

/** Starts the service as a process and waits until it is ready. Throws H_SERVICE_*; nothing runs then. */
export async function startService({
  command,
  cwd,
  ...options
}: StartServiceOptions): Promise<Service> {
  return await runService({ ...options, place: onThisMachine({ command, cwd }) });
}
