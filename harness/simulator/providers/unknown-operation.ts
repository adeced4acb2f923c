import type { Operation } from './wire.ts';

const NAME_CHARS_MAX = 200;

/** What a wire does not speak is named by its method and path. */
export function unknownOperation(method: string, path: string): Operation {
  return { name: `${method} ${path}`.slice(0, NAME_CHARS_MAX), kind: 'unknown' };
}
