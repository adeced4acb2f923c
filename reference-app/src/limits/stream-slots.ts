import { createLimited } from './limit-requests.ts';

interface StreamSlotsOptions {
  /** Streams that one user may have open at once; 0 is no limit. */
  readonly perUser: number;
  readonly onLimited: () => void;
}

/** Counts the open streams of each user. */
export class StreamSlots {
  readonly #open = new Map<string, number>();
  readonly #options: StreamSlotsOptions;

  constructor(options: StreamSlotsOptions) {
    this.#options = options;
  }

  /** Runs `work` in a slot of the user; throws ApiError 429 when there is none. */
  async run<T>(userId: string, work: () => Promise<T>): Promise<T> {
    const { perUser, onLimited } = this.#options;
    const open = this.#open.get(userId) ?? 0;
    if (perUser > 0 && open >= perUser) {
      onLimited();
      throw createLimited(`More than ${perUser} streams at once.`);
    }
    this.#open.set(userId, open + 1);
    try {
      return await work();
    } finally {
      this.#close(userId);
    }
  }

  #close(userId: string): void {
    const open = (this.#open.get(userId) ?? 0) - 1;
    if (open > 0) this.#open.set(userId, open);
    else this.#open.delete(userId);
  }
}
