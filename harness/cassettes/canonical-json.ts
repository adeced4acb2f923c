import type { VolatilePaths } from './volatile-paths.ts';

/**
 * JSON with sorted keys: equal values give equal text, whatever order their keys came in. Places
 * that `volatile` names are left out. One form serves matching, seals and differences.
 */
export function canonicalJson(value: unknown, volatile?: VolatilePaths): string {
  if (volatile?.isVolatile) {
    return 'null';
  }
  if (Array.isArray(value)) {
    return `[${value.map((item, index) => canonicalJson(item ?? null, volatile?.below(index))).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    return `{${canonicalMembers(value, volatile).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

function canonicalMembers(object: object, volatile: VolatilePaths | undefined): string[] {
  const members: string[] = [];
  for (const [key, value] of Object.entries(object).sort(byKey)) {
    const inside = volatile?.below(key);
    if (value !== undefined && !inside?.isVolatile) {
      members.push(`${JSON.stringify(key)}:${canonicalJson(value, inside)}`);
    }
  }
  return members;
}

/** By code unit, not by locale: the order must be the same on every machine. */
function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
