// Plain JavaScript, since the page has it inlined: the same numbers stand in its text and its charts.

/**
 * A value as Grafana shows it in that unit, e.g. "1.5K req/s", "120 ms" or "$0.0042".
 * @param {number} value
 * @param {string} [unit] as Grafana calls it, e.g. "reqps"
 * @returns {string}
 */
export function formatValue(value, unit = 'none') {
  switch (unit) {
    case 's':
      return formatSeconds(value);
    case 'd':
      return formatSeconds(value * 86_400);
    case 'percentunit':
      return `${toFixed(value * 100)}%`;
    case 'bytes':
      return scaled(value, 1_024, [' B', ' KiB', ' MiB', ' GiB', ' TiB']);
    case 'currencyUSD':
      return `$${scaled(value, 1_000, SHORT)}`;
    case 'reqps':
      return `${scaled(value, 1_000, SHORT)} req/s`;
    case 'ops':
      return `${scaled(value, 1_000, SHORT)} ops/s`;
    default:
      return toFixed(value);
  }
}

const SHORT = ['', 'K', 'M', 'B', 'T'];

/** @type {readonly (readonly [number, number, string])[]} below this many seconds, divide by this */
const TIMES = [
  [1e-6, 1e-9, ' ns'],
  [1e-3, 1e-6, ' µs'],
  [1, 1e-3, ' ms'],
  [60, 1, ' s'],
  [3_600, 60, ' mins'],
  [86_400, 3_600, ' hours'],
  [604_800, 86_400, ' days'],
  [31_536_000, 604_800, ' weeks'],
];

/** @param {number} seconds */
function formatSeconds(seconds) {
  if (seconds === 0) return '0 s';
  const [, divisor, suffix] = TIMES.find(([limit]) => Math.abs(seconds) < limit) ?? [
    0,
    31_536_000,
    ' years',
  ];
  return `${toFixed(seconds / divisor)}${suffix}`;
}

/**
 * @param {number} value
 * @param {number} factor
 * @param {readonly string[]} suffixes
 */
function scaled(value, factor, suffixes) {
  let left = value;
  let step = 0;
  while (Math.abs(left) >= factor && step < suffixes.length - 1) {
    left /= factor;
    step += 1;
  }
  return `${toFixed(left)}${suffixes[step]}`;
}

/**
 * Three digits, as Grafana shows them where a panel does not say how many; integers whole.
 * @param {number} value
 */
function toFixed(value) {
  if (value % 1 === 0) return String(value);
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.min(Math.max(0, 2 - exponent), 20));
}
