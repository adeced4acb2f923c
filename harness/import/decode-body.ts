import { decompress } from '#harness/recorder/decompress.ts';

/**
 * The body as the provider made it; undefined when nothing decompresses it. Tools that decompress
 * leave the header in place, so that what reads as text already is taken as it is.
 */
export function decodeBody(body: Buffer, encodings: string): Buffer | undefined {
  const names = encodings.split(',').map((name) => name.trim().toLowerCase());
  const decoded = names.reduceRight(
    (bytes, name) => (isText(bytes) ? bytes : decompress(bytes, name)),
    body,
  );
  return isText(decoded) ? decoded : undefined;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function isText(bytes: Buffer): boolean {
  try {
    UTF8.decode(bytes);
    return !bytes.includes(0);
  } catch {
    return false;
  }
}
