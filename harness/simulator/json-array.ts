import type { StreamEvent } from './sse.ts';

/** A whole string, or one that is cut off; or what gives an array its structure. */
const TOKEN = /"(?:[^"\\]|\\[\s\S]?)*(?:"|$)|[[\]{},]/g;
const DEPTH_CHANGE: Readonly<Record<string, number>> = { '[': 1, '{': 1, ']': -1, '}': -1 };

/**
 * Splits the bytes of a JSON array that was written element by element, as a stream is where events
 * were not asked for. An element that is not complete is not returned. Each one ends where it
 * closes; the last one, when the array is complete, ends with the array.
 */
export function splitJsonArray(bytes: Buffer): StreamEvent[] {
  const events: StreamEvent[] = [];
  let depth = 0;
  let start = 0;
  // Latin-1 has one character per byte, so that places in the text are places in the bytes.
  for (const { 0: token, index } of bytes.toString('latin1').matchAll(TOKEN)) {
    const change = DEPTH_CHANGE[token] ?? 0;
    depth += change;
    if (depth === 0) {
      return withEnd(events, bytes.length);
    }
    if (change === -1 && depth === 1) {
      events.push({ data: bytes.toString('utf8', start, index + 1).trim(), end: index + 1 });
    } else if (depth === 1 && (token === '[' || token === ',')) {
      start = index + 1;
    }
  }
  return events;
}

function withEnd(events: readonly StreamEvent[], end: number): StreamEvent[] {
  const last = events.at(-1);
  return last === undefined ? [] : [...events.slice(0, -1), { ...last, end }];
}
