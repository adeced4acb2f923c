/** How a value is made wrong. */
export const PATH_CHANGES = ['removed', 'retyped', 'changed'] as const;

export type PathChange = (typeof PATH_CHANGES)[number];

/**
 * The JSON value with every place of the path made wrong, e.g. of "choices[].finish_reason", where
 * `[]` stands for each element; undefined when it has no such place. null is no value.
 */
export function changePath(value: unknown, path: string, change: PathChange): unknown {
  const copy = structuredClone(value);
  const names = path.match(/\[\]|[^.[]+/g) ?? [];
  return changeBelow(copy, names, change) ? copy : undefined;
}

/** The paths of every value that is neither an object nor a list, each once. */
export function leafPathsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return unique(value.flatMap((item) => leafPathsOf(item, `${path}[]`)));
  if (typeof value !== 'object') return [path];
  return Object.entries(value ?? {}).flatMap(([name, inner]) =>
    leafPathsOf(inner, path === '' ? name : `${path}.${name}`),
  );
}

function unique(paths: readonly string[]): string[] {
  return [...new Set(paths)];
}

/** Changes in place; true when there was something to change. */
function changeBelow(
  value: unknown,
  [name = '', ...rest]: readonly string[],
  change: PathChange,
): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const container = value as Record<string, unknown>;
  const keys = name === '[]' ? Object.keys(container) : [name];
  const changed = keys.map((key) =>
    rest.length > 0
      ? changeBelow(container[key], rest, change)
      : changePlace(container, key, change),
  );
  return changed.includes(true);
}

function changePlace(container: Record<string, unknown>, key: string, change: PathChange): boolean {
  const value = container[key];
  if (value === undefined || value === null) return false;
  if (change === 'removed') delete container[key];
  else container[key] = change === 'retyped' ? retype(value) : alter(value);
  return true;
}

function retype(value: unknown): unknown {
  return typeof value === 'string' ? 7 : 'retyped';
}

function alter(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  return typeof value === 'string' ? 'changed' : { changed: true };
}
