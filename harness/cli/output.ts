import { styleText } from 'node:util';
import type { GateResult } from '#harness/gates/gate.ts';

type Style = Parameters<typeof styleText>[0];

const INDENT = '  ';
const FINDINGS_SHOWN_MAX = 20;

/** What commands say. Results go to standard output, progress and failures to standard error. */
export interface Output {
  /** One line of a result. */
  line(text: string): void;
  /** What is going on now; for long work. */
  progress(text: string): void;
  /** A failure of Tally or its environment. */
  failure(text: string): void;
  paint(style: Style, text: string): string;
  /** How many characters fit on a line of results; any number in a file or a pipe. */
  readonly columns: number;
}

/** Colours where the terminal shows them; NO_COLOR and a pipe give plain text. */
export function createOutput({ stdout = process.stdout, stderr = process.stderr } = {}): Output {
  // A reader that goes away (a pipe into head) is no reason to fail.
  for (const stream of [stdout, stderr])
    if (stream.listenerCount('error') === 0) stream.on('error', () => undefined);
  const paint = (style: Style, text: string): string => styleText(style, text, { stream: stdout });
  return {
    line: (text) => void stdout.write(`${text}\n`),
    progress: (text) => void stderr.write(`${styleText('dim', text, { stream: stderr })}\n`),
    failure: (text) => void stderr.write(`${styleText('red', text, { stream: stderr })}\n`),
    paint,
    columns: stdout.columns ?? Number.POSITIVE_INFINITY,
  };
}

const STATUS_STYLES = { passed: 'green', failed: 'red', 'not-run': 'yellow' } as const;

/** One line per gate, its findings below it. */
export function printGate({ line, paint }: Output, gate: GateResult): void {
  const { name, status, checks, durationMs, reason, findings } = gate;
  const told = status === 'not-run' ? '' : `${checks} checks, ${(durationMs / 1000).toFixed(1)} s`;
  const why = [told, reason].filter(Boolean).join('; ');
  line(
    `${paint(STATUS_STYLES[status], status.replace('-', ' ').padEnd(8))} ${name.padEnd(15)} ${why}`,
  );
  for (const finding of findings.slice(0, FINDINGS_SHOWN_MAX)) {
    line(indent(`${paint('bold', finding.check)}\n${finding.message}`));
    if (finding.fix !== undefined) line(indent(`fix: ${finding.fix}`));
  }
  if (findings.length > FINDINGS_SHOWN_MAX) {
    line(indent(`… and ${findings.length - FINDINGS_SHOWN_MAX} more in verdict.json`));
  }
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((part) => `${INDENT}${part}`)
    .join('\n');
}

/** Options of a table without lines: it stays readable in a log and can be searched. */
export const PLAIN_TABLE = {
  chars: Object.fromEntries(
    'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle'
      .split(' ')
      .map((name) => [name, '']),
  ),
  style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
};
