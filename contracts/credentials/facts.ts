import { type Fact, notAWitness } from '#harness/index.ts';

const NOT_ON_THE_WIRE = notAWitness('Master keys never leave the service.');
const NO_SUCH_FIELD = notAWitness('The summary says nothing of master keys.');

/** The key that tally.config.ts names first. */
const CURRENT = 'v1';

/** How far the rotation of the master key is, and how old the oldest one in use is. */
export const credentialFacts: readonly Fact[] = [
  {
    name: 'credentials_to_rotate',
    says: 'Stored credentials, deleted ones too, that are not under the current master key.',
    labels: [],
    equality: 'integer',
    wire: NOT_ON_THE_WIRE,
    database: `select count(*) as value from credentials where key_version <> '${CURRENT}'`,
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
      where version = '${CURRENT}' or version in (select key_version from credentials)`,
    summary: NO_SUCH_FIELD,
    promql: 'min(byom_master_key_oldest_timestamp_seconds{$service})',
  },
];
