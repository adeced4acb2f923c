/** What names tell of a database server. */
export interface DatabaseNames {
  host: string;
  user: string;
  database: string;
  /** All databases of the server. */
  databases: readonly string[];
}

// "prod" and "production" anywhere, but no "product" or "producer"; "prd" and "live" as a word.
const PRODUCTION = /prod(?!uc)|production|(?:^|[^a-z])(?:prd|live)(?:[^a-z]|$)/i;

/** Why the server may be production's, e.g. `its host is called "db-prod-1"`, or undefined. */
export function looksLikeProduction(names: DatabaseNames): string | undefined {
  const called = [
    ['its host', names.host],
    ['its user', names.user],
    ['the database', names.database],
    ...names.databases.map((name) => ['a database on it', name]),
  ] as const;
  const hit = called.find(([, name = '']) => PRODUCTION.test(name));
  return hit && `${hit[0]} is called "${hit[1]}"`;
}
