import type { Registry } from 'prom-client';

const texts = new WeakMap<Registry, Promise<string>>();

/** To be called with each change of a metric of the registry. */
export function markChanged(registry: Registry): void {
  texts.delete(registry);
}

/**
 * The registry as Prometheus text, rendered anew only if a metric was changed since. Thousands of
 * series take 10 ms, and several instances of Prometheus read them from a service that is idle.
 */
export function renderText(registry: Registry): Promise<string> {
  const known = texts.get(registry);
  if (known !== undefined) return known;
  const text = registry.metrics();
  texts.set(registry, text);
  return text;
}
