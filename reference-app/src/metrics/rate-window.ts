const WINDOW_MS = 60_000;
const SLOT_MS = 10;
const SLOTS = WINDOW_MS / SLOT_MS;

/**
 * Counts events of the last 60 s in slots of 10 ms: 24 KB, whatever the traffic. An event leaves
 * the count between 60 s and 60 s + 10 ms after it happened.
 */
export class RateWindow {
  readonly #slots = new Uint32Array(SLOTS + 1);
  readonly #nowMs: () => number;
  #newest: number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#newest = Math.floor(nowMs() / SLOT_MS);
  }

  add(): void {
    this.#advance();
    const index = this.#newest % this.#slots.length;
    this.#slots[index] = (this.#slots[index] ?? 0) + 1;
  }

  count(): number {
    this.#advance();
    return this.#slots.reduce((sum, slot) => sum + slot, 0);
  }

  /** Empties the slots that time has passed over since the last call. */
  #advance(): void {
    const current = Math.floor(this.#nowMs() / SLOT_MS);
    const passed = Math.min(current - this.#newest, this.#slots.length);
    for (let step = 1; step <= passed; step += 1) {
      this.#slots[(this.#newest + step) % this.#slots.length] = 0;
    }
    this.#newest = Math.max(this.#newest, current);
  }
}
