import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { ResultReporter } from './harness/testing/result-reporter.ts';
import tallyConfig from './tally.config.ts';

const isCI = process.env['CI'] === 'true';

// These files wait for servers more than they compute.
const WITH_SERVERS = {
  maxWorkers: Math.max(3, availableParallelism()),
  maxConcurrency: 2,
  testTimeout: 60_000,
  hookTimeout: 180_000,
  sequence: { groupOrder: 1 },
};

export default defineConfig({
  test: {
    tags: [
      { name: 'integration', description: 'Starts real servers or processes.', timeout: 180_000 },
      {
        name: 'requires_api',
        description: 'Calls a real provider; needs a key and costs money.',
        timeout: 60_000,
        retry: { count: 2, delay: 1_000, condition: /429|503|overloaded|ECONNRESET/ },
      },
      { name: 'slow', description: 'Takes more than 5 s.', timeout: 300_000 },
    ],
    allowOnly: !isCI,
    // One worker less than cores, vitest's default, would leave half of a small machine idle.
    maxWorkers: '100%',
    // Most of a file's time would be the start of its worker. No file may leave anything behind.
    isolate: false,
    unstubEnvs: true,
    // Pact sends usage statistics otherwise.
    env: { PACT_DO_NOT_TRACK: 'true' },
    restoreMocks: true,
    sequence: { shuffle: { tests: true } },
    slowTestThreshold: 2_000,
    reporters: [
      ...(isCI ? ['default', 'github-actions', 'junit'] : configDefaults.reporters),
      new ResultReporter(),
    ],
    coverage: {
      provider: 'v8',
      autoAttachSubprocess: true,
      include: ['{harness,reference-app/src,scripts}/**/*.ts'],
      // Proofs are no part of the suite: they run as commands of their own, in CI too.
      exclude: ['**/*.{test,fixture,d}.ts', 'scripts/{prove-*,stress}/**'],
      reporter: ['text-summary', 'lcov', 'json-summary', 'json'],
      ...(tallyConfig.tests && { thresholds: tallyConfig.tests.coverage }),
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{harness,contracts,reference-app,scripts,grafana}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.{contract,integration,live}.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          ...WITH_SERVERS,
          name: 'integration',
          include: ['{harness,scripts}/**/*.integration.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          ...WITH_SERVERS,
          name: 'contracts',
          globalSetup: 'contracts/testing/shared-database.ts',
          setupFiles: 'harness/testing/note-movements.ts',
          include: ['contracts/**/*.contract.test.ts'],
        },
      },
      {
        extends: true,
        test: { ...WITH_SERVERS, name: 'live', include: ['contracts/**/*.live.test.ts'] },
      },
    ],
  },
});
