import { type Fact, notAWitness } from '#harness/index.ts';
import { credentialChanges, unreadableCredentials, validations } from './wire.ts';

const NOT_ON_THE_WIRE = notAWitness('Master keys never leave the service.');
const NO_SUCH_FIELD = notAWitness('The summary says nothing of master keys.');
const NO_CHANGES = notAWitness(
  'The summary says how many credentials there are, not what changed.',
);

/** The key that tally.config.ts names first. */
const CURRENT = 'v1';

/** What users changed; how far the rotation of the master key is, and how old the oldest one is. */
export const credentialFacts: readonly Fact[] = [
  {
    name: 'credential_changes',
    says: 'Stored credentials that users made, changed or deleted, by what they did.',
    labels: ['change'],
    equality: 'integer',
    wire: credentialChanges,
    database: notAWitness('Rows of credentials keep no history.'),
    summary: NO_CHANGES,
    promql: 'sum by (change) (byom_credential_changes_total{$service})',
  },
  {
    name: 'credential_validations',
    says: 'Keys about which a provider was asked, by what came of it.',
    labels: ['provider', 'result'],
    equality: 'integer',
    wire: validations,
    database: notAWitness('What a provider says of a key is not stored.'),
    summary: notAWitness('The summary says nothing of validations.'),
    promql: 'sum by (provider, result) (byom_credential_validations_total{$service})',
  },
  {
    name: 'credential_decrypt_failures',
    says: 'Times that a stored key could not be decrypted; its user is told each time.',
    labels: [],
    equality: 'integer',
    wire: unreadableCredentials,
    database: notAWitness('That a row was asked for leaves no trace.'),
    summary: notAWitness('The summary says nothing of keys that cannot be read.'),
    promql: 'sum(byom_credential_decrypt_failures_total{$service})',
  },
  {
    name: 'credentials_rotated',
    says: 'Credentials that a process encrypted anew: those that were stored under an old key.',
    labels: [],
    equality: 'integer',
    wire: NOT_ON_THE_WIRE,
    database: `select count(*) as value from credentials join users on users.id = user_id
      where users.name = 'key-under-old-master-key' and key_version = '${CURRENT}'`,
    summary: NO_SUCH_FIELD,
    promql: 'sum(byom_credentials_rotated_total{$service})',
  },
  {
    name: 'credentials_to_rotate',
    says: 'Stored credentials, deleted ones too, that are not under the current master key.',
    labels: [],
    equality: 'integer',
    toldByEach: true,
    wire: NOT_ON_THE_WIRE,
    database: `select count(*) as value from public.credentials where key_version <> '${CURRENT}'`,
    summary: NO_SUCH_FIELD,
    promql: 'sum(byom_credentials_to_rotate{$service})',
  },
  {
    name: 'master_key_oldest_seconds',
    says: 'When the oldest master key in use was first used, in seconds since 1970.',
    labels: [],
    equality: 'float64',
    wire: NOT_ON_THE_WIRE,
    database: `select extract(epoch from min(first_used_at)) as value from master_key_versions
      where version = '${CURRENT}' or version in (select key_version from public.credentials)`,
    summary: NO_SUCH_FIELD,
    promql: 'min(byom_master_key_oldest_timestamp_seconds{$service})',
  },
];
