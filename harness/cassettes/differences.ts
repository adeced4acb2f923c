import type { VolatilePaths } from './volatile-paths.ts';

/** One place where a recorded request and the one that came differ; undefined means absent. */
export interface Difference {
  /** e.g. "body.messages[0].content". */
  readonly path: string;
  readonly cassette: unknown;
  readonly request: unknown;
}

interface Pair {
  cassette: unknown;
  request: unknown;
}

/** Where two JSON values differ, path by path. Places that `volatile` names are left out. */
export function findDifferences(
  path: string,
  { cassette, request }: Pair,
  volatile?: VolatilePaths,
): Difference[] {
  if (volatile?.isVolatile || cassette === request) {
    return [];
  }
  const keys = sharedKeys(cassette, request);
  if (keys === undefined) {
    return [{ path, cassette, request }];
  }
  const isArray = Array.isArray(cassette);
  return keys.flatMap((key) => {
    const pair = { cassette: valueAt(cassette, key), request: valueAt(request, key) };
    return findDifferences(
      isArray ? `${path}[${key}]` : `${path}.${key}`,
      pair,
      volatile?.below(key),
    );
  });
}

/** One readable line: `body.messages[0].content: cassette "a", request "b"`. */
export function formatDifference({ path, cassette, request }: Difference): string {
  if (cassette === undefined) {
    return `${path}: cassette has none, request ${shorten(JSON.stringify(request))}`;
  }
  if (request === undefined) {
    return `${path}: cassette ${shorten(JSON.stringify(cassette))}, request has none`;
  }
  const [a, b] = [JSON.stringify(cassette), JSON.stringify(request)];
  const from = Math.max(0, firstDifference(a, b) - CONTEXT_CHARS);
  return `${path}: cassette ${shorten(a, from)}, request ${shorten(b, from)}`;
}

const EXCERPT_CHARS = 120;
const CONTEXT_CHARS = 40;

/** All keys of two objects or two arrays; undefined when the two are of different kinds. */
function sharedKeys(a: unknown, b: unknown): string[] | undefined {
  const areContainers = isContainer(a) && isContainer(b) && Array.isArray(a) === Array.isArray(b);
  return areContainers ? [...new Set([...Object.keys(a), ...Object.keys(b)])] : undefined;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function valueAt(container: unknown, key: string): unknown {
  return isContainer(container) && Object.hasOwn(container, key)
    ? Object.entries(container).find(([name]) => name === key)?.[1]
    : undefined;
}

function firstDifference(a: string, b: string): number {
  let index = 0;
  while (index < a.length && a[index] === b[index]) {
    index += 1;
  }
  return index;
}

/** A long text is cut down to the part around the first difference. */
function shorten(text: string, from = 0): string {
  if (text.length <= EXCERPT_CHARS) {
    return text;
  }
  const end = from + EXCERPT_CHARS;
  return `${from > 0 ? '…' : ''}${text.slice(from, end)}${end < text.length ? '…' : ''}`;
}
