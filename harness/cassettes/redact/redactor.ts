import { HarnessError } from '#harness/errors/harness-error.ts';
import type { CassetteDocument } from '../format.ts';
import { findSecrets } from './find-secrets.ts';
import { HEADER_RULES, RULES } from './rules.ts';

type Redaction = CassetteDocument['redactions'][number];

/** Shorter texts occur by chance, and are no keys. */
const SECRET_CHARS_MIN = 8;

/**
 * Takes secrets out of what is about to be written, and counts them. A secret in bytes is
 * overwritten in place, so that chunk boundaries, lengths and the JSON around it stay as they were.
 */
export class Redactor {
  readonly #secrets: readonly string[];
  readonly #counts = new Map<string, Redaction>();

  /** `secrets` are those that the run itself holds. */
  constructor(secrets: readonly string[]) {
    this.#secrets = secrets.filter((secret) => secret.length >= SECRET_CHARS_MIN);
  }

  /** Places, rules and counts so far; never values. */
  get redactions(): Redaction[] {
    return [...this.#counts.values()];
  }

  /** Rules that have found nothing so far. */
  get unmatchedRules(): string[] {
    const matched = new Set(this.redactions.map(({ rule }) => rule));
    return RULES.filter((rule) => !matched.has(rule));
  }

  bytes(place: string, bytes: Buffer): Buffer {
    const redacted = Buffer.from(bytes);
    const counted = new Set<string>();
    for (const { rule, ranges } of findSecrets(bytes, this.#secrets)) {
      const [[first] = [-1]] = ranges;
      // One secret is found by several rules, and in several encodings of one place.
      if (!counted.has(String(first))) this.#count(place, rule);
      counted.add(String(first));
      for (const [start, end] of ranges) redacted.write(filler(end - start), start, 'latin1');
    }
    return redacted;
  }

  text(place: string, text: string): string {
    return this.bytes(place, Buffer.from(text)).toString();
  }

  /** Headers by lower-case name: those that say who asked keep their name alone. */
  headers(place: string, headers: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(
      Object.entries(headers).map(([name, value]) => {
        const rule = Object.entries(HEADER_RULES).find(([, names]) => names.test(name))?.[0];
        if (rule === undefined) return [name, this.text(`${place}.${name}`, value)];
        this.#count(`${place}.${name}`, rule);
        return [name, 'redacted'];
      }),
    );
  }

  /** The last look, at the very bytes to be written. @throws HarnessError H_CASSETTE_SECRET */
  assertClean(name: string, bytes: Buffer): void {
    const [found] = findSecrets(bytes, this.#secrets);
    if (found === undefined) return;
    const what = `"${name}" was not written: after redaction the rule "${found.rule}" still finds a secret at byte ${found.ranges[0]?.[0] ?? 0}.`;
    const fix =
      'Report it as a defect of Tally, with the rule and the place; the old file is whole.';
    throw new HarnessError(what, { code: 'H_CASSETTE_SECRET', fix });
  }

  #count(place: string, rule: string): void {
    const key = `${place} ${rule}`;
    const { count } = this.#counts.get(key) ?? { count: 0 };
    this.#counts.set(key, { place, rule, count: count + 1 });
  }
}

/** Letters, which mean nothing in JSON, base64 and URLs, and which no rule takes for a secret. */
function filler(length: number): string {
  return 'redacted'.padEnd(length, 'x').slice(0, length);
}
