import type { Registry } from 'prom-client';
import { createCounter, createGauge, type NumberGauge } from './instruments.ts';

export const CREDENTIAL_CHANGES = [
  'created',
  'updated',
  'key_replaced',
  'made_default',
  'deleted',
] as const;
export type CredentialChange = (typeof CREDENTIAL_CHANGES)[number];

export const KEY_CHECK_RESULTS = ['valid', 'invalid', 'could_not_ask'] as const;
export type KeyCheckResult = (typeof KEY_CHECK_RESULTS)[number];

const OTHER = 'other';

export interface CredentialMetrics {
  countChange(provider: string, change: CredentialChange): void;
  countValidation(provider: string, result: KeyCheckResult): void;
  countUnreadable(provider: string): void;
  countRotated(credentials: number): void;
  /** What the database says of master keys; the gauges do not exist before it was asked once. */
  showMasterKeys(state: MasterKeyState): void;
}

export interface MasterKeyState {
  /** When the oldest master key that is current or still in a row was first used. */
  readonly oldestFirstUsedSeconds: number;
  /** Credentials under other master keys than the current one. */
  readonly credentialsToRotate: number;
}

function createCounters(registry: Registry) {
  return {
    changes: createCounter(registry, {
      name: 'byom_credential_changes_total',
      help: 'Changes of stored credentials by their users.',
      labelNames: ['provider', 'change'],
    }),
    validations: createCounter(registry, {
      name: 'byom_credential_validations_total',
      help: 'Provider keys about which the provider was asked, by what came of it.',
      labelNames: ['provider', 'result'],
    }),
    unreadable: createCounter(registry, {
      name: 'byom_credential_decrypt_failures_total',
      help: 'Times that a stored credential could not be decrypted.',
      labelNames: ['provider'],
    }),
    rotated: createCounter(registry, {
      name: 'byom_credentials_rotated_total',
      help: 'Credentials that this process encrypted anew under the current master key.',
      labelNames: [],
    }),
  };
}

/** Registers the metrics of credentials and master keys; `providers` bounds the labels. */
export function createCredentialMetrics(
  registry: Registry,
  providers: readonly string[],
): CredentialMetrics {
  const { changes, validations, unreadable, rotated } = createCounters(registry);
  for (const provider of providers) {
    for (const change of CREDENTIAL_CHANGES) changes.add({ provider, change }, 0);
    for (const result of KEY_CHECK_RESULTS) validations.add({ provider, result }, 0);
    unreadable.add({ provider }, 0);
  }
  // A row may name a provider that the service no longer has, or never had.
  unreadable.add({ provider: OTHER }, 0);
  let gauges: { oldest: NumberGauge; toRotate: NumberGauge } | undefined;
  return {
    countChange: (provider, change) => changes.add({ provider, change }, 1),
    countValidation: (provider, result) => validations.add({ provider, result }, 1),
    countUnreadable: (provider) =>
      unreadable.add({ provider: providers.includes(provider) ? provider : OTHER }, 1),
    countRotated: (credentials) => rotated.add({}, credentials),
    showMasterKeys: ({ oldestFirstUsedSeconds, credentialsToRotate }) => {
      // A 0 would read as a key of 1970, and would call someone out of bed.
      gauges ??= {
        oldest: createGauge(
          registry,
          'byom_master_key_oldest_timestamp_seconds',
          'When the oldest master key in use was first used, in seconds since 1970.',
        ),
        toRotate: createGauge(
          registry,
          'byom_credentials_to_rotate',
          'Credentials that are not encrypted under the current master key.',
        ),
      };
      gauges.oldest.set(oldestFirstUsedSeconds);
      gauges.toRotate.set(credentialsToRotate);
    },
  };
}
