import type { Finding } from '#harness/findings/finding.ts';

const SHOWN_LENGTH_MAX = 160;

export interface ExpositionErrorOptions {
  /** 1-based number of the line at fault, and its text. */
  line?: { number: number; text: string };
  cause?: unknown;
}

/**
 * What the service exposes on /metrics cannot be used as a witness. That is a finding about the
 * service, never a failure of Tally: it has a `finding` and is no HarnessError.
 */
export class ExpositionError extends Error {
  readonly lineNumber: number | undefined;

  constructor(what: string, { line, cause }: ExpositionErrorOptions = {}) {
    super(line === undefined ? what : `line ${line.number}: ${what}\n  ${shown(line.text)}`, {
      cause,
    });
    this.name = 'ExpositionError';
    this.lineNumber = line?.number;
  }

  get finding(): Finding {
    return { check: 'metrics/exposition', message: this.message };
  }
}

function shown(text: string): string {
  const visible = text.replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  if (visible.length <= SHOWN_LENGTH_MAX) return visible;
  return `${visible.slice(0, SHOWN_LENGTH_MAX)}…`;
}
