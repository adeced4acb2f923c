import type { TestProject } from 'vitest/node';
import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import { startEmbeddedStack } from '#harness/stack/embedded/start-embedded-stack.ts';
import type { SeedUser } from '#harness/traffic/callers.ts';
import { createContractTemplate, createSeedUsers } from './contract-database.ts';

/** What every contract file of one run clones its own database from. */
export interface SharedDatabase {
  readonly adminUrl: string;
  /** The migrated template in which `users` are stored. */
  readonly template: string;
  readonly users: readonly SeedUser[];
}

declare module 'vitest' {
  interface ProvidedContext {
    sharedDatabase: SharedDatabase;
  }
}

/**
 * vitest's global setup of the contracts: one Postgres and one template for all files of a run,
 * since a stack, the migrations and the seed would cost each of them seconds.
 */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const stack = await startEmbeddedStack({ ...loadHarnessEnvironment(), slots: 0 });
  try {
    const users = createSeedUsers();
    const options = { ...(await loadConfig()), baseEnv: childEnvironment(), users };
    const template = await createContractTemplate(stack.postgres, options);
    const { adminUrl } = stack.postgres;
    provide('sharedDatabase', { adminUrl, template: template.name, users });
  } catch (error) {
    await stack.stop();
    throw error;
  }
  return async () => await stack.stop();
}
