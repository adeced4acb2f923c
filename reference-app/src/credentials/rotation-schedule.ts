import type { FastifyBaseLogger } from 'fastify';
import type pg from 'pg';
import type { CredentialMetrics } from '../metrics/credential-metrics.ts';
import { type KeyManagement, LOAD_LIMIT_MS } from './key-management.ts';
import type { KeyRing } from './key-ring.ts';
import { readMasterKeyState } from './master-key-state.ts';
import type { ReadKey } from './read-key.ts';
import { rotateCredentials } from './rotate-credentials.ts';

interface ScheduleOptions {
  readonly pool: pg.Pool;
  readonly keyManagement: KeyManagement;
  readonly keyRing: KeyRing;
  readonly readKey: ReadKey;
  readonly metrics: CredentialMetrics;
  readonly log: FastifyBaseLogger;
  readonly batchSize: number;
  /** 0: never by itself. */
  readonly intervalMs: number;
}

/** Rotates at the start and then at every interval, one rotation at a time. */
export class RotationSchedule {
  readonly #options: ScheduleOptions;
  readonly #stopped = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  /** Shows the age of the master keys, then starts the first rotation and does not wait for it. */
  async start(): Promise<void> {
    await this.#guard(() => this.#showState());
    if (this.#options.intervalMs > 0) this.#next();
  }

  /** Ends the rotation that runs after its batch. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  #next(): void {
    this.#running = this.#guard(() => this.#rotate()).then(() => {
      if (this.#stopped.signal.aborted) return;
      this.#timer = setTimeout(() => this.#next(), this.#options.intervalMs).unref();
    });
  }

  async #rotate(): Promise<void> {
    const { keyManagement, keyRing, metrics, log } = this.#options;
    const limit = AbortSignal.timeout(LOAD_LIMIT_MS);
    const signal = AbortSignal.any([this.#stopped.signal, limit]);
    keyRing.replaceKeys(await keyManagement.load({ signal }));
    const { rotated, left } = await rotateCredentials({
      ...this.#options,
      signal: this.#stopped.signal,
      onBatch: metrics.countRotated,
    });
    if (rotated > 0 || left > 0) log.info({ rotated, left }, 'master key rotation');
    await this.#showState();
  }

  async #showState(): Promise<void> {
    const { pool, keyRing, metrics } = this.#options;
    metrics.showMasterKeys(await readMasterKeyState(pool, keyRing.currentVersion));
  }

  /** A database or key management that fails now is asked again at the next interval. */
  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const cause = error instanceof Error ? error.message : undefined;
      this.#options.log.warn({ cause }, 'master keys were not looked after');
    }
  }
}
