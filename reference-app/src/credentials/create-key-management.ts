import type { KeyManagementConfig } from '../config.ts';
import { type KeyManagement, LOAD_LIMIT_MS, type MasterKeys } from './key-management.ts';
import { createLocalKeyManagement } from './local-key-management.ts';

/** The key management that the environment chose. */
export function createKeyManagement(config: KeyManagementConfig): KeyManagement {
  if (config.kind === 'local') return createLocalKeyManagement(config.masterKeys);
  return {
    load: async (options) => {
      // Loading the SDK takes 100 ms and 26 MB, which only those pay who use it.
      const { loadAwsMasterKeys } = await import('./aws-key-management.ts');
      return loadAwsMasterKeys(config, options);
    },
  };
}

/** The master keys as they are now, for a command that needs them once. */
export function loadMasterKeys(config: KeyManagementConfig): Promise<MasterKeys> {
  return createKeyManagement(config).load({ signal: AbortSignal.timeout(LOAD_LIMIT_MS) });
}
