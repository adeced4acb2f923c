import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decompress } from './decompress.ts';

const TEXT = Buffer.from('data: a stream that was compressed on its way\n\n'.repeat(400));

test.for([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
] as const)('%s: the body as it was, and what came of one that was cut', ([encoding, compress]) => {
  const compressed = compress(TEXT);
  expect(decompress(compressed, encoding)).toEqual(TEXT);
  const cut = decompress(compressed.subarray(0, -1), encoding);
  expect(TEXT.subarray(0, cut.length)).toEqual(cut);
});

test.for(['gzip', 'deflate', 'zstd', 'compress'])(
  '%s: what is not that stays as it is',
  (encoding) => {
    expect(decompress(TEXT, encoding)).toEqual(TEXT);
  },
);
