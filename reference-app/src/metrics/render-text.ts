import type { Metric, Registry } from 'prom-client';

/** The text of each metric whose changes are marked, until the next change. */
const texts = new WeakMap<Metric, { text: string | undefined }>();

/**
 * Has a metric rendered anew only after a change, and gives the function that marks one. Most of
 * the text of a scrape is what it was at the scrape before: to render thousands of idle series ten
 * times a second costs more than to answer the requests.
 */
export function markChanges(metric: Metric): () => void {
  const rendered: { text: string | undefined } = { text: undefined };
  texts.set(metric, rendered);
  return () => {
    rendered.text = undefined;
  };
}

/** What registry.metrics() answers. */
export async function renderText(registry: Registry): Promise<string> {
  const parts = registry.getMetricsAsArray().map(async (metric) => {
    // The types know only a metric's description; at run time it is the metric.
    const rendered = texts.get(metric as unknown as Metric);
    if (rendered?.text !== undefined) return rendered.text;
    const text = await registry.getSingleMetricAsString(metric.name);
    if (rendered !== undefined) rendered.text = text;
    return text;
  });
  return `${(await Promise.all(parts)).join('\n\n')}\n`;
}
