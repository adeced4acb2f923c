import type { KeyObject } from 'node:crypto';

/** The master keys at one moment. */
export interface MasterKeys {
  /** The version that encrypts; it is one of `keys`. */
  readonly current: string;
  /** All keys that decrypt, by version, e.g. "v1". */
  readonly keys: ReadonlyMap<string, KeyObject>;
}

/** How long a loading of the keys may take; a slower key management has failed. */
export const LOAD_LIMIT_MS = 10_000;

/** Where the master keys come from. It is asked at the start and before every rotation. */
export interface KeyManagement {
  /** Throws when the keys cannot be read; the service then goes on with those it has. */
  load(options: { readonly signal: AbortSignal }): Promise<MasterKeys>;
}
