import { createHash } from 'node:crypto';
import type { AttemptEnd, Inference, Target } from './inference.ts';

const ENTRIES_MAX = 1_000;
/** UTF-16 units; a longer answer is not kept. */
const TEXT_CHARACTERS_MAX = 100_000;

type Answered = Extract<AttemptEnd, { kind: 'answered' }>;

interface CacheOptions {
  readonly ttlMs: number;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/**
 * Remembers plain answers to exactly the same call of the same user over the same credential. In
 * memory, so each instance for itself; the oldest go first.
 */
export class ResponseCache {
  readonly #entries = new Map<string, { readonly end: Answered; readonly expiresAtMs: number }>();
  readonly #options: CacheOptions;

  constructor(options: CacheOptions) {
    this.#options = options;
  }

  get(key: string): Answered | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAtMs > this.#options.nowMs()) return entry.end;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, end: Answered): void {
    if (end.answer.text.length > TEXT_CHARACTERS_MAX) return;
    const [oldest] = this.#entries.keys();
    if (this.#entries.size >= ENTRIES_MAX && oldest !== undefined) this.#entries.delete(oldest);
    this.#entries.set(key, { end, expiresAtMs: this.#options.nowMs() + this.#options.ttlMs });
  }
}

/**
 * Names a call by everything its answer depends on. The provider key is a part of it, as a hash: a
 * credential that is replaced or deleted takes its answers with it.
 */
export function cacheKeyOf({ userId, endpoint, request }: Inference, target: Target): string {
  const { provider, model, credential } = target;
  const { apiKey, settings } = credential;
  const parts = [userId, endpoint, provider.name, model, apiKey, settings, request.body];
  return createHash('sha256').update(JSON.stringify(parts, sortKeys)).digest('base64');
}

/** The order of a JSON object's members means nothing. */
function sortKeys(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value);
  return Object.fromEntries(members.sort(([left], [right]) => (left < right ? -1 : 1)));
}
