import { argv } from 'node:process';
import { type Guard, startGuard } from '../guard.ts';
import type { EngineAddress } from './engine/docker-engine.ts';
import { removeContainersOfDead, sweepDeadContainers } from './remove-containers.ts';

/** Watches over the containers of the stack `name`. */
export function guardContainers({ host, certificates }: EngineAddress, name: string): Guard {
  const address = certificates === undefined ? [host] : [host, certificates];
  return startGuard({ cleanUp: [import.meta.filename, name, ...address] });
}

// The rest runs only in the Node that the guard starts.
const [program, deadStack, host, certificates] = argv.slice(1);
if (program === import.meta.filename && deadStack !== undefined && host !== undefined) {
  await removeContainersOfDead({ host, certificates }, deadStack);
  await sweepDeadContainers({ host, certificates });
}
