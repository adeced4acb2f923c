/** The JSON paths of some values, each with the types met there, e.g. "choices[*].index": number. */
export type Shape = ReadonlyMap<string, ReadonlySet<string>>;

/** One shape over all of them: the events of a stream have one together. */
export function shapeOf(values: readonly unknown[]): Shape {
  const shape = new Map<string, Set<string>>();
  for (const value of values) addTo(shape, '', value);
  return shape;
}

function addTo(shape: Map<string, Set<string>>, path: string, value: unknown): void {
  const type = typeOf(value);
  shape.set(path, (shape.get(path) ?? new Set()).add(type));
  if (type === 'array') for (const item of value as unknown[]) addTo(shape, `${path}[*]`, item);
  if (type !== 'object') return;
  for (const [name, inner] of Object.entries(value as object)) {
    addTo(shape, path === '' ? name : `${path}.${name}`, inner);
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

export interface ShapeDifference {
  readonly kind: 'missing' | 'new' | 'retyped';
  readonly path: string;
  readonly message: string;
}

/** How a live answer differs in shape from its recording; null beside a type is no difference. */
export function compareShapes(recorded: Shape, live: Shape): ShapeDifference[] {
  const paths = [...new Set([...recorded.keys(), ...live.keys()])].sort();
  return paths.flatMap((path): ShapeDifference[] => {
    const [before, now] = [recorded.get(path), live.get(path)];
    if (before === undefined)
      return [{ kind: 'new', path, message: `${path} is new (${show(now)})` }];
    if (now === undefined) {
      // What was inside something that is gone goes with it: the outermost is named.
      const isInside = !live.has(parentOf(path));
      return isInside
        ? []
        : [{ kind: 'missing', path, message: `${path} is missing (it was ${show(before)})` }];
    }
    const isKnown = [...now].every(
      (type) => type === 'null' || before.has(type) || onlyNull(before),
    );
    if (isKnown) return [];
    return [{ kind: 'retyped', path, message: `${path} is ${show(now)}, and was ${show(before)}` }];
  });
}

function parentOf(path: string): string {
  return path.replace(/(\[\*\]|\.?[^.[\]]+)$/, '');
}

function onlyNull(types: ReadonlySet<string>): boolean {
  return types.size === 1 && types.has('null');
}

function show(types: ReadonlySet<string> | undefined): string {
  return [...(types ?? [])].sort().join(' or ');
}
