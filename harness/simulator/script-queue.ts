import type { Finding } from '#harness/findings/finding.ts';
import { keyFingerprint } from './key-fingerprint.ts';
import type { ProviderScript } from './script.ts';

/** Scripts waiting for calls, first in, first out, per API key. */
export class ScriptQueue {
  readonly #queues = new Map<string, ProviderScript[]>();

  add(key: string, scripts: readonly ProviderScript[]): void {
    this.#queues.set(key, [...(this.#queues.get(key) ?? []), ...scripts]);
  }

  /** The next script, left where it is. */
  peek(key: string): ProviderScript | undefined {
    return this.#queues.get(key)?.[0];
  }

  take(key: string): void {
    this.#queues.get(key)?.shift();
  }

  /** Scripts that no call has consumed: the service called less often than the test says. */
  unused(isAccepted: (key: string) => boolean): Finding[] {
    return [...this.#queues].flatMap(([key, scripts]) => {
      if (scripts.length === 0) {
        return [];
      }
      const message = `${scripts.length} scripted answer(s) for the key ${keyFingerprint(key)} were never asked for; the next one is ${JSON.stringify(scripts[0])}.`;
      const fix = isAccepted(key)
        ? 'Check that the service calls the provider with that key as often as the scenario says.'
        : 'The key is not accepted, so calls with it are answered 401: accept it with acceptKey().';
      return [{ check: 'simulator/unused_script', message, fix }];
    });
  }
}
