import { expect, test } from 'vitest';
import type { Chunk } from '#harness/cassettes/format.ts';
import { SPLITS, type Split, splitChunks } from './split.ts';

const LF_STREAM = Buffer.from('data: é\n\ndata: 👋\n\n');
const CRLF_STREAM = Buffer.from('data: é\r\n\r\ndata: b\r\n\r\n');
const RECORDED: Chunk[] = [
  [0, 0],
  [3, 1],
  [7, 2],
];

function startsOf(split: Split, bytes: Buffer, ends: readonly number[]): number[] {
  return splitChunks(split, { bytes, chunks: RECORDED }, ends).map(([start]) => start);
}

const expected: readonly [Split, readonly number[], readonly number[]][] = [
  ['as-recorded', [0, 3, 7], [0, 3, 7]],
  ['one-chunk', [0], [0]],
  ['per-event', [0, 10], [0, 12]],
  ['per-byte', [...LF_STREAM.keys()], [...CRLF_STREAM.keys()]],
  ['inside-characters', [0, 7, 17, 18, 19], [0, 7]],
  ['inside-line-ends', [0, 9, 21], [0, 9, 11, 20, 22]],
  ['coalesced', [0, 7], [0, 7]],
];

test.for(expected)('%s cuts where it says', ([split, withLf, withCrLf]) => {
  expect(startsOf(split, LF_STREAM, [10, LF_STREAM.length])).toEqual(withLf);
  expect(startsOf(split, CRLF_STREAM, [12, CRLF_STREAM.length])).toEqual(withCrLf);
});

test('every split has its row', () => {
  expect(expected.map(([split]) => split)).toEqual(SPLITS);
});

test('an answer of one piece that is split as recorded stays one piece', () => {
  expect(splitChunks('as-recorded', { bytes: LF_STREAM, chunks: undefined }, [])).toEqual([[0, 0]]);
});
