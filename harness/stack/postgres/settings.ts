/** The superuser of every cluster that Tally makes. */
export const POSTGRES_USER = 'tally';

/** How initdb makes every cluster. */
export const CLUSTER_OPTIONS = [
  '--encoding=UTF8',
  // The same order and case rules on every machine, whatever locales it has.
  '--locale-provider=builtin',
  '--locale=C',
  '--builtin-locale=C.UTF-8',
  // Small segments: the cluster is copied for every stack, or lies in memory.
  '--wal-segsize=1',
  // An initdb that is killed would leave files of /dev/shm behind.
  '--set=dynamic_shared_memory_type=mmap',
  '--no-sync',
  '--no-instructions',
] as const;

// Nothing here outlives the run, so nothing is made durable; and nothing happens in the background
// that could differ between two runs.
export const POSTGRES_SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  autovacuum: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '64MB', // The log lies in memory too.
  checkpoint_timeout: '1h',
  max_connections: '200',
  shared_buffers: '64MB',
  // In the data directory, not as files of /dev/shm that a killed server would leave there.
  dynamic_shared_memory_type: 'mmap',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  password_encryption: 'scram-sha-256',
};

/** The settings as a command line takes them. */
export function settingsArguments(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
