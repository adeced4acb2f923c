import type { RecordedResponse } from '#harness/cassettes/cassette.ts';
import type { Chunk } from '#harness/cassettes/format.ts';

/** How the network may cut a recorded stream, whatever its events are. */
export const SPLITS = [
  'as-recorded',
  'one-chunk',
  'per-event',
  'per-byte',
  /** Between the bytes of every character that has more than one. */
  'inside-characters',
  /** Between CR and LF; in a stream without CR, inside the blank line that ends an event. */
  'inside-line-ends',
  /** Two recorded chunks come as one. */
  'coalesced',
] as const;

export type Split = (typeof SPLITS)[number];

const LF = 0x0a;
const CR = 0x0d;

/** Where the chunks of a stream start in that split; `ends` are those of its events. */
export function splitChunks(
  split: Split,
  { bytes, chunks = [[0, 0]] }: Pick<RecordedResponse, 'bytes' | 'chunks'>,
  ends: readonly number[],
): readonly Chunk[] {
  switch (split) {
    case 'as-recorded':
      return chunks;
    case 'one-chunk':
      return startingAt(bytes, () => false);
    case 'per-event':
      return startingAt(bytes, (offset) => ends.includes(offset));
    case 'per-byte':
      return startingAt(bytes, () => true);
    case 'inside-characters':
      // The bytes of a character after its first one start with the bits 10.
      return startingAt(bytes, (offset) => ((bytes[offset] ?? 0) & 0xc0) === 0x80);
    case 'inside-line-ends': {
      const before = bytes.includes(CR) ? CR : LF;
      return startingAt(bytes, (offset) => bytes[offset] === LF && bytes[offset - 1] === before);
    }
    case 'coalesced':
      return chunks.filter((_, index) => index % 2 === 0);
  }
}

/** At byte 0, and wherever `isStart` says; all of them at once. */
function startingAt(bytes: Buffer, isStart: (offset: number) => boolean): Chunk[] {
  return Array.from(bytes.keys())
    .filter((offset) => offset === 0 || isStart(offset))
    .map((offset) => [offset, 0]);
}
