import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { DrawnDashboard, DrawnPanel, Preview } from './drawn.ts';
import { escapeHtml } from './escape-html.ts';
import { renderPanel } from './render-panel.ts';

const PAGE = join(import.meta.dirname, 'page');

/** The whole preview in one file that needs nothing else, not even a network. */
export async function renderPage(preview: Preview): Promise<string> {
  const { resolve } = createRequire(import.meta.url);
  const [uplot, uplotCss, pageCss, panelsCss, ...scripts] = await Promise.all(
    [
      resolve('uplot/dist/uPlot.iife.min.js'),
      resolve('uplot/dist/uPlot.min.css'),
      join(PAGE, 'page.css'),
      join(PAGE, 'panels.css'),
      join(PAGE, 'format-value.js'),
      join(PAGE, 'draw-charts.js'),
    ].map((path) => readFile(path, 'utf8')),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Preview of the dashboards</title>
<style>${uplotCss}${pageCss}${panelsCss}</style>
</head>
<body>
${renderHead(preview)}
<main>
${preview.dashboards.map(renderDashboard).join('\n')}
</main>
<script type="application/json" id="charts">${JSON.stringify(chartsOf(preview)).replaceAll('<', '\\u003c')}</script>
<script>${uplot}</script>
<script>${inOneScript(scripts)}</script>
</body>
</html>
`;
}

/** The page's modules in the order they need each other: what one exports the next finds beside it. */
function inOneScript(modules: readonly string[]): string {
  const joined = modules.join('\n');
  return `{${joined.replaceAll(/^import .*$/gm, '').replaceAll(/^export /gm, '')}}`;
}

function renderHead({
  subject,
  fromSeconds,
  toSeconds,
  stepMs,
  rateIntervalMs,
  dashboards,
}: Preview) {
  const at = (seconds: number): string =>
    `${new Date(seconds * 1_000).toISOString().slice(0, 19).replace('T', ' ')}`;
  const links = dashboards.map(
    ({ dashboard: { uid, title } }) => `<a href="#${escapeHtml(uid)}">${escapeHtml(title)}</a>`,
  );
  return `<header><p class="label">Preview, not Grafana</p>
<p class="when">${escapeHtml(subject)}, ${at(fromSeconds)} to ${at(toSeconds)} UTC: a point each ${stepMs / 1_000} s, rates over ${rateIntervalMs / 1_000} s.</p>
<nav aria-label="Dashboards">${links.join('\n')}</nav></header>`;
}

function renderDashboard({ dashboard, panels, variables, problem }: DrawnDashboard): string {
  const { uid, title, description, rows } = dashboard;
  const chosen = Object.entries(variables).map(([name, value]) => `${name}: ${value}`);
  const body =
    problem === undefined
      ? sectionsOf(rows, panels).map((section) => renderSection(section, uid))
      : [`<div class="empty"><strong>No data</strong><span>${escapeHtml(problem)}</span></div>`];
  return `<article id="${escapeHtml(uid)}"><h1>${escapeHtml(title)}</h1>
<p class="chosen">${escapeHtml([description, ...chosen].join(' · '))}</p>
${body.join('\n')}
</article>`;
}

interface Section {
  title: string;
  /** Where its first panels begin in the grid. */
  top: number;
  panels: readonly DrawnPanel[];
}

/** The panels below each row's title; those above the first one have none. */
function sectionsOf(rows: DrawnDashboard['dashboard']['rows'], panels: readonly DrawnPanel[]) {
  const tops = [
    { title: '', y: -1 },
    ...rows.map(({ title, gridPos }) => ({ title, y: gridPos.y })),
  ];
  return tops.flatMap(({ title, y }, index): Section[] => {
    const end = tops[index + 1]?.y ?? Number.POSITIVE_INFINITY;
    const inside = panels.filter(({ panel: { gridPos } }) => gridPos.y > y && gridPos.y < end);
    return inside.length === 0 ? [] : [{ title, top: y + 1, panels: inside }];
  });
}

function renderSection({ title, top, panels }: Section, uid: string): string {
  const sorted = panels.toSorted(
    ({ panel: { gridPos: one } }, { panel: { gridPos: other } }) =>
      one.y - other.y || one.x - other.x,
  );
  return `${title === '' ? '' : `<h2>${escapeHtml(title)}</h2>`}
<div class="grid" style="--top:${top}">
${sorted.map((drawn) => renderPanel(drawn, panelId(uid, drawn))).join('\n')}
</div>`;
}

function panelId(uid: string, { panel }: DrawnPanel): string {
  return escapeHtml(`${uid}-${panel.id}`);
}

/** What the page's script draws, by panel. */
function chartsOf({ dashboards, fromSeconds, toSeconds }: Preview) {
  const charts = dashboards.flatMap(({ dashboard, panels }) =>
    panels
      .filter(({ panel }) => panel.type === 'timeseries')
      .map((drawn) => {
        const { unit = 'none', thresholds, min } = drawn.panel.fieldConfig?.defaults ?? {};
        const { times, frames } = drawn;
        const series = frames.map(({ name, values }) => ({ name, values: values.map(rounded) }));
        const steps = thresholds?.steps.filter(({ value }) => value !== null) ?? [];
        return [
          panelId(dashboard.uid, drawn),
          { title: drawn.panel.title, unit, min, thresholds: steps, times, series },
        ] as const;
      }),
  );
  return { fromSeconds, toSeconds, charts: Object.fromEntries(charts) };
}

/** More digits than anybody can see would only make the file larger. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}
