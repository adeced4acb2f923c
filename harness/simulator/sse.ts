/** One event of a stream: its data, and the byte after its blank line. */
export interface StreamEvent {
  readonly data: string;
  readonly end: number;
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * Splits the bytes of a server-sent event stream (LF or CRLF) at its blank lines. An event without
 * its blank line is not complete and is not returned, as a reader by the standard drops it too.
 */
export function splitEvents(bytes: Buffer): StreamEvent[] {
  const events: StreamEvent[] = [];
  let eventStart = 0;
  let lineStart = 0;
  for (let newline = bytes.indexOf(LF); newline >= 0; newline = bytes.indexOf(LF, lineStart)) {
    const lineEnd = bytes[newline - 1] === CR && newline > lineStart ? newline - 1 : newline;
    if (lineEnd === lineStart) {
      events.push({
        data: dataOf(bytes.toString('utf8', eventStart, lineStart)),
        end: newline + 1,
      });
      eventStart = newline + 1;
    }
    lineStart = newline + 1;
  }
  return events;
}

function dataOf(event: string): string {
  const lines = event.split(/\r?\n/).filter((line) => line.startsWith('data:'));
  return lines.map((line) => line.slice('data:'.length).replace(/^ /, '')).join('\n');
}
