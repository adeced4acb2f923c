/** Lets callers wait until something is true, looking only when something has changed. */
export class Condition {
  readonly #waiters = new Set<() => void>();

  /** Tells every waiter to look again. */
  changed(): void {
    for (const look of this.#waiters) {
      look();
    }
  }

  /** Waits until `isTrue`; after `timeoutMs` it rejects with what `onTimeout` says. */
  until(
    isTrue: () => boolean,
    { timeoutMs, onTimeout }: { timeoutMs: number; onTimeout: () => Error },
  ): Promise<void> {
    if (isTrue()) {
      return Promise.resolve();
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(onTimeout()), timeoutMs);
    const look = () => {
      if (isTrue()) {
        resolve();
      }
    };
    this.#waiters.add(look);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiters.delete(look);
    });
  }
}
