import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const LINES_MAX = 20_000;
const LINE_CHARS_MAX = 4_000;

/** The last lines that a service wrote to standard output and error, oldest first. */
export interface ProcessLog {
  readonly lines: readonly string[];
  /** The last `count` lines as one text. */
  tail(count: number): string;
}

/** Collects lines from both outputs; bounded, so a chatty service cannot fill the memory. */
export function collectLog(...outputs: readonly Readable[]): ProcessLog {
  const lines: string[] = [];
  for (const output of outputs) {
    createInterface({ input: output }).on('line', (line) => {
      lines.push(line.slice(0, LINE_CHARS_MAX));
      if (lines.length > LINES_MAX) lines.splice(0, LINES_MAX / 2);
    });
  }
  return { lines, tail: (count) => lines.slice(-count).join('\n') };
}
