import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib';

type Decompress = (bytes: Buffer) => Buffer;

const BY_ENCODING: Readonly<Record<string, Decompress>> = {
  gzip: (bytes) => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }),
  deflate: (bytes) => inflateSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }),
  br: (bytes) => brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH }),
  zstd: (bytes) => zstdDecompressSync(bytes, { finishFlush: constants.ZSTD_e_flush }),
};

/**
 * The body as it was before its provider compressed it; as much of it as came, when it was cut. As
 * it is, when nothing decompresses it.
 */
export function decompress(bytes: Buffer, encoding: string): Buffer {
  try {
    return BY_ENCODING[encoding]?.(bytes) ?? bytes;
  } catch {
    return bytes;
  }
}
