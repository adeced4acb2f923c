import { argv } from 'node:process';
import { type Guard, startGuard } from '../guard.ts';
import { removeStack, sweepDeadStacks } from './sweep.ts';

/** Watches over the stack `name` whose directories lie in `roots`. */
export function guardDirectories(name: string, roots: readonly string[]): Guard {
  return startGuard({ cleanUp: [import.meta.filename, name, ...roots] });
}

// The rest runs only in the Node that the guard starts.
const [program, deadStack, ...deadRoots] = argv.slice(1);
if (program === import.meta.filename && deadStack !== undefined) {
  await removeStack(deadStack, deadRoots);
  await sweepDeadStacks(deadRoots);
}
