/**
 * Places in a request body that change from run to run (ids, times) and do not take part in
 * matching, as a tree that is walked together with the body.
 */
export class VolatilePaths {
  readonly isVolatile: boolean;
  readonly #children = new Map<string, VolatilePaths>();

  /** Paths such as `body.user` or `body.messages[*].id`; `[*]` stands for every index. */
  static parse(paths: readonly string[]): VolatilePaths {
    return new VolatilePaths(paths.map((path) => path.match(/[^.[\]]+/g)?.slice(1) ?? []));
  }

  constructor(paths: readonly (readonly string[])[]) {
    this.isVolatile = paths.some((path) => path.length === 0);
    const groups = Map.groupBy(
      paths.filter((path) => path.length > 0),
      ([first = '']) => first,
    );
    for (const [key, group] of groups) {
      this.#children.set(key, new VolatilePaths(group.map((path) => path.slice(1))));
    }
  }

  below(key: string | number): VolatilePaths | undefined {
    return this.#children.get(String(key)) ?? this.#children.get('*');
  }
}
