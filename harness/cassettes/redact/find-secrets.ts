import { PATTERNS } from './rules.ts';
import { plainView, type Range, type View, viewsOf } from './view.ts';

/** A secret in some bytes: which rule knew it, and the bytes that hold it. */
export interface FoundSecret {
  readonly rule: string;
  readonly ranges: readonly Range[];
}

/**
 * Every known secret and everything that looks like one, in clear and however it is encoded: with
 * escapes, per cent, in base64, in hex, compressed, or dealt out over the events of a stream.
 */
export function findSecrets(bytes: Buffer, secrets: readonly string[]): FoundSecret[] {
  return [...viewsOf(plainView(bytes))].flatMap((view) => [
    ...secrets.flatMap((secret) => findExact(view, Buffer.from(secret).toString('latin1'))),
    ...Object.entries(PATTERNS).flatMap(([rule, pattern]) => findPattern(view, rule, pattern)),
  ]);
}

function findExact({ text, rangesOf }: View, secret: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + secret.length)) {
    found.push({ rule: 'known-secret', ranges: rangesOf(at, at + secret.length) });
  }
  return found;
}

function findPattern({ text, rangesOf }: View, rule: string, pattern: RegExp): FoundSecret[] {
  return [...text.matchAll(pattern)].map(({ 0: match, index }) => ({
    rule,
    ranges: rangesOf(index, index + match.length),
  }));
}
