/** The value at a dotted path, e.g. "http_summary.total_requests" or "data.0.id"; or undefined. */
export function valueAt(json: unknown, path: string): unknown {
  let value = json;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}
