interface SlidingSumOptions {
  readonly windowMs: number;
  /** What is added stays for the window and up to one slot more; the window is a multiple of it. */
  readonly slotMs: number;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/** The sum of what was added in the last windowMs, in a fixed amount of memory: a number per slot. */
export class SlidingSum {
  readonly #slots: Uint32Array;
  readonly #slotMs: number;
  readonly #nowMs: () => number;
  #newest: number;

  constructor({ windowMs, slotMs, nowMs }: SlidingSumOptions) {
    this.#slots = new Uint32Array(windowMs / slotMs + 1);
    this.#slotMs = slotMs;
    this.#nowMs = nowMs;
    this.#newest = Math.floor(nowMs() / slotMs);
  }

  add(amount: number): void {
    this.#advance();
    const index = this.#newest % this.#slots.length;
    this.#slots[index] = (this.#slots[index] ?? 0) + amount;
  }

  sum(): number {
    this.#advance();
    return this.#slots.reduce((sum, slot) => sum + slot, 0);
  }

  /** Empties the slots that time has passed over since the last call. */
  #advance(): void {
    const current = Math.floor(this.#nowMs() / this.#slotMs);
    const passed = Math.min(current - this.#newest, this.#slots.length);
    for (let step = 1; step <= passed; step += 1) {
      this.#slots[(this.#newest + step) % this.#slots.length] = 0;
    }
    this.#newest = Math.max(this.#newest, current);
  }
}
