import { HarnessError } from '#harness/errors/harness-error.ts';
import type { Condition } from './condition.ts';
import type { Exchange } from './exchange.ts';
import { keyFingerprint } from './key-fingerprint.ts';

/** Where scripted calls stand still, per API key, until they are released or their caller leaves. */
export class Barrier {
  readonly #condition: Condition;
  readonly #standing = new Map<string, Set<() => void>>();

  constructor(condition: Condition) {
    this.#condition = condition;
  }

  /**
   * Stands until release(key), until `releaseAtHeld` calls of the key stand, or until the call has
   * ended because its caller left.
   */
  async hold(
    key: string,
    exchange: Pick<Exchange, 'orEnd'>,
    releaseAtHeld = Number.POSITIVE_INFINITY,
  ): Promise<void> {
    const standing = this.#standing.get(key) ?? new Set();
    this.#standing.set(key, standing);
    let letGo: (() => void) | undefined;
    await exchange.orEnd((done) => {
      letGo = done;
      standing.add(done);
      this.#condition.changed();
      if (standing.size >= releaseAtHeld) {
        this.release(key);
      }
    });
    if (letGo !== undefined && standing.delete(letGo)) {
      this.#condition.changed();
    }
  }

  held(key: string): number {
    return this.#standing.get(key)?.size ?? 0;
  }

  /** Lets every call that stands now go on. Returns how many those were. */
  release(key: string): number {
    const standing = [...(this.#standing.get(key) ?? [])];
    this.#standing.get(key)?.clear();
    for (const letGo of standing) {
      letGo();
    }
    return standing.length;
  }

  untilHeld(key: string, count: number, timeoutMs: number): Promise<void> {
    return this.#condition.until(() => this.held(key) >= count, {
      timeoutMs,
      onTimeout: () => {
        const what = `After ${timeoutMs} ms ${this.held(key)} of ${count} calls with the key ${keyFingerprint(key)} are held.`;
        const fix =
          'Check that the service makes these calls with that key, and that each has a script with holdAfterContentEvents.';
        return new HarnessError(what, { code: 'H_SIMULATOR_NOT_HELD', fix });
      },
    });
  }
}
