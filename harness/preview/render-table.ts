import type { DrawnPanel } from './drawn.ts';
import { escapeHtml } from './escape-html.ts';
import { formatValue } from './page/format-value.js';

/** A line for each set of labels and a column for each query, as Grafana's "merge" makes it. */
export function renderTable({ panel, frames }: DrawnPanel): string {
  const rows = Map.groupBy(frames, ({ labels }) => JSON.stringify(labels));
  const labelNames = [...new Set(frames.flatMap(({ labels }) => Object.keys(labels)))];
  const renamed = Object.assign(
    {},
    ...panel.transformations.map(({ options }) => options.renameByName ?? {}),
  ) as Record<string, string>;
  const columns = panel.targets.map(({ refId }) => renamed[`Value #${refId}`] ?? refId);
  const body = [...rows.values()].map((cells) => {
    const labels = labelNames.map(
      (name) => `<th scope="row">${escapeHtml(cells[0]?.labels[name] ?? '')}</th>`,
    );
    const values = panel.targets.map(({ refId }) => {
      const value = cells.find((frame) => frame.refId === refId)?.values.at(-1) ?? null;
      const shown = value === null ? '' : formatValue(value, panel.fieldConfig?.defaults.unit);
      return `<td>${escapeHtml(shown)}</td>`;
    });
    return `<tr>${[...labels, ...values].join('')}</tr>`;
  });
  const head = [...labelNames, ...columns].map(
    (name) => `<th scope="col">${escapeHtml(name)}</th>`,
  );
  return `<div class="table" tabindex="0"><table><thead><tr>${head.join('')}</tr></thead><tbody>
${body.sort().join('\n')}
</tbody></table></div>`;
}
