import { formatValue } from './format-value.js';

// Draws the lines of every panel into its place. The page is a file that anybody may open from
// disk, so all it needs is inlined before this: uPlot as a global, the data as JSON.

/**
 * @typedef {object} Series
 * @property {string} name
 * @property {(number | null)[]} values
 *
 * @typedef {object} Chart
 * @property {string} title
 * @property {string} unit
 * @property {number} [min]
 * @property {{ value: number, color: string }[]} thresholds
 * @property {number[]} times
 * @property {Series[]} series
 */

const COLOURS = [
  '#73bf69',
  '#f2cc0c',
  '#5794f2',
  '#ff780a',
  '#f2495c',
  '#b877d9',
  '#33a2a2',
  '#c4962a',
  '#8ab8ff',
  '#a0785a',
  '#e02f9c',
  '#808e9b',
];

/** Of bytes, which are shown in KiB and MiB. */
const POWERS_OF_TWO = Array.from({ length: 50 }, (_, power) => 2 ** power);

/** @type {{ fromSeconds: number, toSeconds: number, charts: Record<string, Chart> }} */
const data = JSON.parse(document.getElementById('charts')?.textContent ?? '{}');

const probe = document.body.appendChild(document.createElement('i'));
probe.hidden = true;

/**
 * What a canvas can paint with: it does not understand the variables of a style sheet.
 * @param {string} name of a custom property
 */
function themed(name) {
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

/**
 * Beyond the fixed ones, colours as far from each other as can be.
 * @param {number} index
 */
function colourOf(index) {
  return COLOURS[index] ?? `hsl(${Math.round(index * 137.5) % 360} 60% 55%)`;
}

/** @param {number} seconds */
function clock(seconds) {
  return new Date(seconds * 1_000).toLocaleTimeString([], { hourCycle: 'h23' });
}

/**
 * @param {Chart} chart
 * @param {HTMLElement} legend
 * @returns {uPlot.Options}
 */
function optionsOf({ unit, min, series, thresholds }, legend) {
  const axis = {
    stroke: () => themed('--muted'),
    grid: { stroke: () => themed('--line'), width: 1 },
  };
  return {
    width: 100,
    height: 100,
    padding: [10, 30, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: 'time' }, drag: { x: false, y: false } },
    scales: {
      x: { range: [data.fromSeconds, data.toSeconds] },
      y: { range: (_plot, low, high) => spread(Math.min(low ?? 0, min ?? low ?? 0), high ?? 1) },
    },
    axes: [
      { ...axis, space: 90, size: 30, values: (_plot, ticks) => ticks.map(clock) },
      {
        ...axis,
        ...(unit === 'bytes' && { incrs: POWERS_OF_TWO }),
        values: (_plot, ticks) => ticks.map((tick) => formatValue(tick, unit)),
        size: (_plot, labels) =>
          16 + 8 * Math.max(3, ...(labels ?? []).map(({ length }) => length)),
      },
    ],
    series: [
      {},
      ...series.map(({ name }, index) => ({
        label: name,
        stroke: colourOf(index),
        ...(index < COLOURS.length && { fill: `${colourOf(index)}1a` }),
        width: 1.5,
        spanGaps: false,
        points: { size: 4 },
      })),
    ],
    hooks: {
      draw: [(plot) => drawThresholds(plot, thresholds)],
      setCursor: [(plot) => showValues(plot, legend, unit)],
    },
  };
}

/**
 * A flat line must not lie on the frame.
 * @param {number} low
 * @param {number} high
 * @returns {[number, number]}
 */
function spread(low, high) {
  const [, top] = uPlot.rangeNum(low, high === low ? low + 1 : high, 0.1, true);
  return [low, top ?? high];
}

/**
 * Dashed, and only where the values come near: the scale is that of the values, as in Grafana.
 * @param {uPlot} plot
 * @param {Chart['thresholds']} thresholds
 */
function drawThresholds(plot, thresholds) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.setLineDash([8, 6]);
  ctx.lineWidth = 2;
  for (const { value, color } of thresholds) {
    if (value > (plot.scales['y']?.max ?? 0)) continue;
    const y = plot.valToPos(value, 'y', true);
    ctx.strokeStyle = themed(`--${color}`);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

/**
 * The values under the cursor, or the last ones.
 * @param {uPlot} plot
 * @param {HTMLElement} legend
 * @param {string} unit
 */
function showValues(plot, legend, unit) {
  const { idx } = plot.cursor;
  for (const [index, place] of legend.querySelectorAll('output').entries()) {
    const values = plot.data[index + 1] ?? [];
    const value =
      typeof idx === 'number' ? values[idx] : [...values].findLast((one) => one !== null);
    place.textContent = typeof value === 'number' ? formatValue(value, unit) : '–';
  }
}

/**
 * A button for each line, which hides it and shows it again, and the thresholds.
 * @param {Chart} chart
 */
function createLegend({ series, thresholds, unit, title }) {
  const legend = document.createElement('ul');
  legend.className = 'legend';
  legend.tabIndex = 0;
  legend.setAttribute('aria-label', `Legend of ${title}`);
  for (const [index, { name }] of series.entries()) {
    const item = legend.appendChild(document.createElement('li'));
    const button = item.appendChild(document.createElement('button'));
    button.type = 'button';
    button.ariaPressed = 'true';
    button.style.setProperty('--line-colour', colourOf(index));
    button.append(name, ' ', document.createElement('output'));
  }
  for (const { value, color } of thresholds) {
    const item = legend.appendChild(document.createElement('li'));
    item.className = 'threshold';
    item.style.setProperty('--line-colour', `var(--${color})`);
    item.textContent = `${color} from ${formatValue(value, unit)}`;
  }
  return legend;
}

/**
 * @param {HTMLElement} place
 * @param {Chart} chart
 */
function drawChart(place, chart) {
  const canvas = place.appendChild(document.createElement('div'));
  canvas.className = 'plot';
  canvas.role = 'img';
  canvas.ariaLabel = `Lines of ${chart.title} over time; the legend holds their values`;
  const legend = place.appendChild(createLegend(chart));
  const points = [chart.times, ...chart.series.map(({ values }) => values)];
  const plot = new uPlot(
    optionsOf(chart, legend),
    /** @type {uPlot.AlignedData} */ (points),
    canvas,
  );
  showValues(plot, legend, chart.unit);
  for (const [index, button] of legend.querySelectorAll('button').entries()) {
    button.addEventListener('click', () => {
      const show = button.ariaPressed !== 'true';
      button.ariaPressed = String(show);
      plot.setSeries(index + 1, { show });
    });
  }
  new ResizeObserver(() => {
    plot.setSize({ width: canvas.clientWidth, height: canvas.clientHeight });
  }).observe(canvas);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plot.redraw());
}

for (const place of document.querySelectorAll('.chart')) {
  const chart = place instanceof HTMLElement && data.charts[place.dataset['panel'] ?? ''];
  if (chart) drawChart(place, chart);
}
