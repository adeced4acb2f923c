import type { Panel } from '#harness/dashboards/load-dashboards.ts';
import type { DrawnPanel, Frame } from './drawn.ts';
import { escapeHtml } from './escape-html.ts';
import { formatValue } from './page/format-value.js';
import { renderTable } from './render-table.ts';
import { colourOf, wordFor } from './thresholds.ts';

/** One panel with its words, what it shows, and its queries. `id` is unique on the page. */
export function renderPanel(drawn: DrawnPanel, id: string): string {
  const { panel, empty } = drawn;
  const { title, description, gridPos, targets } = panel;
  const place = `--x:${gridPos.x + 1};--y:${gridPos.y + 1};--w:${gridPos.w};--h:${gridPos.h}`;
  const isEmpty = targets.every(({ refId }) => empty[refId] !== undefined);
  const queries = targets.map(({ refId, expr }) => `${refId}: ${expr}`).join('\n\n');
  return `<section class="panel" id="${id}" data-type="${panel.type}" style="${place}" aria-labelledby="${id}-title">
<header><h3 id="${id}-title">${escapeHtml(title)}</h3><p class="about">${escapeHtml(description)}</p></header>
<div class="body">${isEmpty ? renderEmpty(empty) : renderBody(drawn, id)}</div>
${isEmpty ? '' : renderPartlyEmpty(empty)}<details><summary>Query</summary><pre tabindex="0">${escapeHtml(queries)}</pre></details>
</section>`;
}

function renderEmpty(empty: DrawnPanel['empty']): string {
  const reasons = [...new Set(Object.values(empty))].map(
    (reason) => `<span>${escapeHtml(reason)}</span>`,
  );
  return `<div class="empty"><strong>No data</strong>${reasons.join('')}</div>`;
}

function renderPartlyEmpty(empty: DrawnPanel['empty']): string {
  return Object.entries(empty)
    .map(([refId, reason]) => `<p class="partly">${refId} has no data: ${escapeHtml(reason)}</p>\n`)
    .join('');
}

function renderBody(drawn: DrawnPanel, id: string): string {
  switch (drawn.panel.type) {
    case 'timeseries':
      return `<div class="chart" data-panel="${id}"></div>`;
    case 'stat':
      return `<div class="stats">${drawn.frames.map((frame) => renderStat(frame, drawn.panel)).join('')}</div>`;
    case 'bargauge':
      return renderBars(drawn);
    case 'table':
      return renderTable(drawn);
    default:
      return `<p class="partly">The preview draws no panels of the type ${escapeHtml(drawn.panel.type)}.</p>`;
  }
}

function renderStat(frame: Frame, panel: Panel): string {
  const value = lastOf(frame);
  const shown = value === undefined ? '–' : show(value, panel);
  return `<div class="stat"><span class="name">${escapeHtml(frame.name)}</span>
<span class="value" style="color:${colourOf(value, panel)}">${escapeHtml(shown)}</span>${renderSparkline(frame)}</div>`;
}

const SPARKLINE = { width: 100, height: 24 };

/** The same values as a small line without axes. */
function renderSparkline({ values }: Frame): string {
  const numbers = values.filter((value) => value !== null);
  if (numbers.length < 2) return '';
  const top = Math.max(...numbers, 0) || 1;
  const points = numbers.map((value, index) => {
    const x = (index / (numbers.length - 1)) * SPARKLINE.width;
    return `${x.toFixed(1)},${(SPARKLINE.height * (1 - value / top)).toFixed(1)}`;
  });
  return `<svg viewBox="0 -1 ${SPARKLINE.width} ${SPARKLINE.height + 2}" preserveAspectRatio="none" aria-hidden="true"><polyline points="${points.join(' ')}"/></svg>`;
}

function renderBars({ panel, frames }: DrawnPanel): string {
  const top = Math.max(...frames.map((frame) => lastOf(frame) ?? 0));
  const rows = frames.map((frame) => {
    const value = lastOf(frame) ?? 0;
    const percent = top > 0 ? (100 * value) / top : 0;
    return `<dt>${escapeHtml(frame.name)}</dt><dd><span class="bar" style="width:${percent.toFixed(1)}%;background:${colourOf(value, panel)}"></span><span>${escapeHtml(show(value, panel))}</span></dd>`;
  });
  return `<dl class="bars" tabindex="0">${rows.join('\n')}</dl>`;
}

function lastOf({ values }: Frame): number | undefined {
  return values.findLast((value) => value !== null) ?? undefined;
}

function show(value: number, panel: Panel): string {
  return wordFor(value, panel)?.text ?? formatValue(value, panel.fieldConfig?.defaults.unit);
}
