import { createHash } from 'node:crypto';

/** First 12 hex digits of the key's SHA-256: tells keys apart in ledgers without showing one. */
export function keyFingerprint(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 12);
}

/** A request may repeat its key in its body; the message quotes the body. */
export function hideKey(text: string, key: string): string {
  return key === '' ? text : text.replaceAll(key, `[key ${keyFingerprint(key)}]`);
}
