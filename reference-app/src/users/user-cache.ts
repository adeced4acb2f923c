import type { User } from './user.ts';

const TTL_MS = 5_000;
const MAX_ENTRIES = 10_000;

/** Remembers users by the hash of their key, for TTL_MS and at most MAX_ENTRIES of them. */
export class UserCache {
  readonly #entries = new Map<string, { user: User; expiresAtMs: number }>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get(key: string): User | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAtMs > this.#now()) return entry.user;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, user: User): void {
    if (this.#entries.size >= MAX_ENTRIES) this.#dropOldest();
    this.#entries.set(key, { user, expiresAtMs: this.#now() + TTL_MS });
  }

  /** For a user who was changed: the next look-up asks the database. */
  forget({ id }: Pick<User, 'id'>): void {
    for (const [key, { user }] of this.#entries) if (user.id === id) this.#entries.delete(key);
  }

  #dropOldest(): void {
    const oldest = this.#entries.keys().next();
    if (oldest.done !== true) this.#entries.delete(oldest.value);
  }
}
