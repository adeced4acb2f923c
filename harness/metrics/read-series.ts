import type { Labels, Series } from './exposition.ts';

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\\n]|\\.)*)"[ \t]*/y;
const BLANKS = /[ \t]*/y;

/** The text is no series, e.g. an unclosed label list. The message says what, without the text. */
export class MalformedSeries extends Error {}

/**
 * Reads the series at the start of `text`, as the text format writes it: `name` or
 * `name{label="value",…}`. Gives it with the position where the rest begins.
 */
export function readSeries(text: string): { series: Series; end: number } {
  const name = matchAt(NAME, text, 0)?.[0];
  if (name === undefined) throw new MalformedSeries('a metric name must come first');
  const brace = skipBlanks(text, name.length);
  if (text[brace] !== '{') return { series: toSeries(name, []), end: name.length };
  const { labels, end } = readLabels(text, brace + 1);
  return { series: toSeries(name, labels), end };
}

/** Series of a name and its labels, in canonical form. */
export function toSeries(name: string, labels: readonly (readonly [string, string])[]): Series {
  const sorted = labels.filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1));
  return { name, labels: Object.fromEntries(sorted), key: `${name}${showLabels(sorted)}` };
}

/** The same series without one of its labels. */
export function withoutLabel(labels: Labels, name: string): (readonly [string, string])[] {
  return Object.entries(labels).filter(([label]) => label !== name);
}

function readLabels(text: string, start: number): { labels: [string, string][]; end: number } {
  const labels = new Map<string, string>();
  let at = skipBlanks(text, start);
  while (text[at] !== '}') {
    const match = matchAt(LABEL, text, at);
    const [whole, label, value] = match ?? [];
    if (whole === undefined || label === undefined || value === undefined) {
      throw new MalformedSeries(`expected label="value" or "}" at column ${at + 1}`);
    }
    if (label === '__name__' || labels.has(label)) {
      throw new MalformedSeries(`label "${label}" is given twice`);
    }
    labels.set(label, unescaped(value));
    at += whole.length;
    if (text[at] === ',') at = skipBlanks(text, at + 1);
    else if (text[at] !== '}') throw new MalformedSeries(`expected "," or "}" at column ${at + 1}`);
  }
  return { labels: [...labels], end: at + 1 };
}

function unescaped(value: string): string {
  return value.replace(/\\(.)/g, (whole, character: string) => {
    if (character === 'n') return '\n';
    if (character === '\\' || character === '"') return character;
    throw new MalformedSeries(`unknown escape ${whole} in a label value`);
  });
}

function showLabels(labels: readonly (readonly [string, string])[]): string {
  if (labels.length === 0) return '';
  const shown = labels.map(([label, value]) => `${label}="${escapeLabelValue(value)}"`);
  return `{${shown.join(',')}}`;
}

function escapeLabelValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function skipBlanks(text: string, at: number): number {
  return at + (matchAt(BLANKS, text, at)?.[0].length ?? 0);
}

function matchAt(sticky: RegExp, text: string, at: number): RegExpExecArray | null {
  sticky.lastIndex = at;
  return sticky.exec(text);
}
