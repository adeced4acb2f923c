// Started by the guard of a stack whose owner is gone: its name, then the roots to clean.
import { argv } from 'node:process';
import { removeStack, sweepDeadStacks } from './sweep.ts';

const [name, ...roots] = argv.slice(2);
if (name !== undefined) {
  await removeStack(name, roots);
  await sweepDeadStacks(roots);
}
