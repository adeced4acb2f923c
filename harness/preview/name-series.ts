import type { Labels } from '#harness/metrics/exposition.ts';

/** What a legend such as "{{provider}} {{outcome}}" makes of one series, as Grafana does. */
export function nameSeries(legendFormat: string, labels: Labels): string {
  return legendFormat.replaceAll(/\{\{\s*(.+?)\s*\}\}/g, (_, label: string) => labels[label] ?? '');
}
