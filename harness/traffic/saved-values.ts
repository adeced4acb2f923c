import { valueAt } from '#harness/json/value-at.ts';
import type { ServiceRequest, Step } from './scenario.ts';
import type { ServiceCall } from './service-call.ts';

/** Keeps what later requests need of an answer. What it does not say stays unknown. */
export function readSaved(
  saves: Step['saves'] = {},
  { body }: ServiceCall,
  saved: Map<string, string>,
): void {
  for (const [name, path] of Object.entries(saves)) {
    const value = valueAt(body, path);
    if (typeof value === 'string' || typeof value === 'number') saved.set(name, String(value));
  }
}

/** The request with every `:name` replaced; an unknown one stays, and the service will refuse it. */
export function fillIn(
  { path, headers = {}, body }: ServiceRequest,
  saved: ReadonlyMap<string, string>,
): Pick<ServiceRequest, 'path' | 'headers' | 'body'> {
  const fill = (value: unknown): unknown =>
    typeof value === 'string' && value.startsWith(':')
      ? (saved.get(value.slice(1)) ?? value)
      : value;
  const fillAll = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, fill(value) as T]));
  return {
    path: path.split('/').map(fill).join('/'),
    headers: fillAll(headers),
    ...(body !== undefined && { body: fillAll(body) }),
  };
}
