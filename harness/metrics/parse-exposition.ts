import type { Exposition, Sample } from './exposition.ts';
import { ExpositionError } from './exposition-error.ts';
import { createFamilyBuilder, type FamilyBuilder } from './family-builder.ts';
import { parseByFamily } from './parse-by-family.ts';
import { MalformedSeries, readSeries } from './read-series.ts';

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;
const COMMENT = /^[ \t]*#[ \t]*(HELP|TYPE|EOF)(?:[ \t]+(\S+))?(?:[ \t]+(.*))?$/;
/** Behind the series: the value, and a timestamp in milliseconds, which is left aside. */
const TEXT_TAIL = /^[ \t]*(\S+)(?:[ \t]+-?\d+)?[ \t]*$/;
/** OpenMetrics: a timestamp in seconds, and an exemplar behind "#"; both are left aside. */
const OPEN_METRICS_TAIL = /^ (\S+)(?: -?\d+(?:\.\d+)?)?(?: # \{.*\} \S+(?: \S+)?)?$/;

/**
 * Parses the Prometheus text format 0.0.4 (and OpenMetrics, when the content type says so) as
 * strictly as its specification: what Prometheus would silently drop or merge is an error too.
 * Throws ExpositionError, a finding about the service, with the number of the line.
 */
export function parseExposition(
  text: string,
  { contentType = 'text/plain' }: { contentType?: string } = {},
): Exposition {
  if (isOpenMetricsType(contentType)) return { families: parseLines(text, true) };
  return { families: parseByFamily(text, parseTextLines) ?? parseTextLines(text) };
}

/** Line by line, as a whole. */
export function parseTextLines(text: string): Exposition['families'] {
  return parseLines(text, false);
}

function parseLines(text: string, isOpenMetrics: boolean): Exposition['families'] {
  const builder = createFamilyBuilder({ isOpenMetrics });
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  let isEnded = false;
  for (const [index, line] of lines.entries()) {
    withLineNumber({ number: index + 1, text: line }, () => {
      if (isEnded) throw new MalformedSeries('there is text behind "# EOF"');
      isEnded = parseLine(builder, line, isOpenMetrics) === 'end';
    });
  }
  if (rest !== '' || (isOpenMetrics && !isEnded)) {
    const end = isOpenMetrics ? 'with "# EOF"' : 'with a line feed';
    const line = { number: lines.length + 1, text: rest };
    throw new ExpositionError(`the text does not end ${end}, so it may be cut off`, { line });
  }
  return builder.build();
}

function isOpenMetricsType(contentType: string): boolean {
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === 'text/plain') return false;
  if (mediaType === 'application/openmetrics-text') return true;
  throw new ExpositionError(
    `content type "${contentType}" is no exposition; expected "text/plain; version=0.0.4"`,
  );
}

function withLineNumber(line: { number: number; text: string }, parse: () => void): void {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof MalformedSeries)) throw error;
    throw new ExpositionError(error.message, { line, cause: error });
  }
}

function parseLine(builder: FamilyBuilder, line: string, isOpenMetrics: boolean): 'end' | 'more' {
  if (line.endsWith('\r')) {
    throw new MalformedSeries('the line ends in CR LF, which Prometheus does not take');
  }
  const trimmed = line.trim();
  if (trimmed === '') return 'more';
  if (!trimmed.startsWith('#')) {
    parseSample(builder, line, isOpenMetrics);
    return 'more';
  }
  const [, keyword, name, rest = ''] = COMMENT.exec(line) ?? [];
  if (keyword === 'EOF') return isOpenMetrics ? 'end' : 'more';
  if (keyword !== undefined && name === undefined) {
    throw new MalformedSeries(`${keyword} names no metric`);
  }
  if (keyword === 'HELP' && name !== undefined) builder.setHelp(name, helpText(rest));
  if (keyword === 'TYPE' && name !== undefined) builder.setType(name, rest.trim());
  return 'more';
}

function helpText(escaped: string): string {
  return escaped.replace(/\\([\\n])/g, (_, character) => (character === 'n' ? '\n' : '\\'));
}

function parseSample(builder: FamilyBuilder, line: string, isOpenMetrics: boolean): void {
  builder.add(knownSamples.get(line) ?? readSample(line, isOpenMetrics));
}

/**
 * Between two readings few lines change, so most are known. Whoever compares readings may skip
 * what is the same object in both.
 */
const knownSamples = new Map<string, Sample>();
const KNOWN_SAMPLES_MAX = 20_000;

function readSample(line: string, isOpenMetrics: boolean): Sample {
  const { series, end } = readSeries(line);
  const tail = isOpenMetrics ? OPEN_METRICS_TAIL : TEXT_TAIL;
  const text = tail.exec(line.slice(end))?.[1];
  if (text === undefined) {
    throw new MalformedSeries('expected one value, and nothing but a timestamp behind it');
  }
  const sample = { ...series, value: sampleValue(text), text };
  // Nothing but series and value: such a line means the same in both formats.
  if (line.length === end + 1 + text.length) {
    if (knownSamples.size >= KNOWN_SAMPLES_MAX) knownSamples.clear();
    knownSamples.set(line, sample);
  }
  return sample;
}

/** Values as Prometheus' own parser takes them; prom-client prints NaN as "Nan". */
function sampleValue(text: string): number {
  if (/^nan$/i.test(text)) return Number.NaN;
  const sign = INFINITE.exec(text)?.[1];
  if (sign !== undefined) return sign === '-' ? -Infinity : Infinity;
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw new MalformedSeries(`"${text}" is no value of a sample`);
  return value;
}
