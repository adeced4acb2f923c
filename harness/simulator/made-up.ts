import { createHash } from 'node:crypto';

const WORDS =
  'Tally counts what was sent and what was read so that every witness tells the same story'.split(
    ' ',
  );

/** The first tokens of a text: words with their leading spaces, as tokenisers cut text. */
export function textPieces(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const word = WORDS[index % WORDS.length] ?? '';
    return index === 0 ? word : ` ${word}`;
  });
}

/** A PNG of one pixel. */
export const PICTURE_BASE64 =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** A deterministic id of hexadecimal digits (at most 64): equal input, equal id. */
export function hexId(purpose: string, number: number, length: number): string {
  return createHash('sha256').update(`${purpose} ${number}`).digest('hex').slice(0, length);
}
