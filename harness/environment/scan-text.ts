import { isTestModeVariable, readSwitch, type TestModeVariable } from './test-mode.ts';

/** One place where a file gives a test mode variable a value. */
export interface Assignment {
  variable: TestModeVariable;
  value: string;
  /** Counted from 1. */
  line: number;
}

const ASSIGNMENT =
  /(?<![A-Za-z0-9_$])(IS_TESTING|TESTING|APP_ENV)["']?\]?[ \t]*(:=|=>|[:=])(?!=)[ \t]*/g;
const LEFT_OPEN =
  /(?:^[ \t]*\?[ \t]+["']?|(?<![A-Za-z0-9_$])(?=[A-Z_]+["']?[ \t]*[:=]))(IS_TESTING|TESTING|APP_ENV)["']?[ \t]*[:=]?[ \t]*$/;
const NAME_OF_PAIR =
  /(?<![A-Za-z0-9_])name["']?[ \t]*[:=][ \t]*["']?(IS_TESTING|TESTING|APP_ENV)["']?[ \t]*(?:[,}]|$)/;
const VALUE_OF_PAIR = /(?<![A-Za-z0-9_])value["']?[ \t]*([:=])[ \t]*/;
const MAPPING_OR_LIST = /^[ \t]*(?:-|["'<A-Za-z0-9_./-]+[ \t]*[:=])/;
const COMMENT = /^[ \t]*(?:#|;|\/\/|(?!.*\*\/)\/?\*)/;

/**
 * Finds assignments in text of any syntax (`KEY=value`, `export KEY="value"`, YAML, JSON, TOML,
 * code), line by line. scripts/validate-production-env.sh restates these rules for hosts without
 * Node; what they cannot read exactly becomes a value that is not off, so it is never missed.
 */
export function scanText(text: string): Assignment[] {
  const found: Assignment[] = [];
  let previous = '';
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = withoutComment(raw).replaceAll('\\', '').replaceAll('${', '$');
    if (line.trim() === '') continue;
    const here = [...inLine(line), ...acrossLines(previous, line)];
    found.push(...here.map((assignment) => ({ ...assignment, line: index + 1 })));
    previous = line;
  }
  return found;
}

type Found = Omit<Assignment, 'line'>;

function inLine(line: string): Found[] {
  return [...line.matchAll(ASSIGNMENT)].flatMap((match) =>
    assignment(match[1], valueBehind(line, match, match[2])),
  );
}

/** `KEY:` with its value on the next line, and `name: KEY` beside, above or below `value: x`. */
function acrossLines(previous: string, line: string): Found[] {
  const open = LEFT_OPEN.exec(previous);
  const below =
    open !== null && !MAPPING_OR_LIST.test(line) ? readValue(line.trim(), 'line') : undefined;
  return [...assignment(open?.[1], below), ...pair(previous, line)];
}

function pair(previous: string, line: string): Found[] {
  const above = NAME_OF_PAIR.exec(previous)?.[1];
  const here = NAME_OF_PAIR.exec(line)?.[1];
  const isFirstOfItem = /^[ \t]*[-{]/.test(line);
  return [
    ...assignment(here, valueOfPair(line)),
    ...assignment(here, isFirstOfItem ? undefined : valueOfPair(previous)),
    ...assignment(above, valueOfPair(line)),
  ];
}

function valueOfPair(line: string): string | undefined {
  const match = VALUE_OF_PAIR.exec(line);
  return match === null ? undefined : valueBehind(line, match, match[1]);
}

function assignment(variable: string | undefined, value: string | undefined): Found[] {
  return isTestModeVariable(variable) && value !== undefined ? [{ variable, value }] : [];
}

/** `KEY: value` takes the whole line, unless a bracket before it says that more may follow. */
function valueBehind(line: string, match: RegExpExecArray, delimiter = ''): string {
  const isWord = delimiter.endsWith('=') || /[{[(]/.test(line.slice(0, match.index));
  return readValue(line.slice(match.index + match[0].length), isWord ? 'word' : 'line');
}

/** The value at the start of `rest`: quoted, an expression of a workflow, or bare. */
function readValue(rest: string, extent: 'word' | 'line'): string {
  const quoted = /^(["'])(.*?)(?:\1|$)/.exec(rest);
  if (quoted !== null) return quoted[2] ?? '';
  // "${" is "$" by now, so a workflow's "${{ … }}" starts with "${".
  if (rest.startsWith('${')) return rest.split('}}', 1)[0] ?? rest;
  const isExpression = rest.startsWith('$');
  const bare = isExpression ? /^[^ \t]*/ : /^[^ \t,}\]"'][^ \t,;}\])"'`]*/;
  const word = bare.exec(rest)?.[0] ?? '';
  // "true, …" is on whatever follows, but "no, …" is off only when nothing follows.
  const mayBeOff = isExpression || readSwitch('TESTING', word) === 'off';
  return extent === 'line' && mayBeOff ? rest.replace(/[ \t,;}\])"'`]+$/, '') : word;
}

/** A `#` starts a comment at the line's start, or behind a space and outside quotes. */
function withoutComment(line: string): string {
  if (COMMENT.test(line)) return '';
  for (const { index } of line.matchAll(/[ \t]#/g)) {
    const before = line.slice(0, index);
    if (isEven(before, '"') && isEven(before, "'")) return before;
  }
  return line;
}

function isEven(text: string, character: string): boolean {
  return text.split(character).length % 2 === 1;
}
