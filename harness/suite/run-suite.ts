import { spawn } from 'node:child_process';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { boundToParent } from '#harness/processes/bound-to-parent.ts';
import { collectLog } from '#harness/processes/process-log.ts';
import { sourceHashOf } from './source-hash.ts';
import { loadSuiteResult, type SuiteResult } from './suite-result.ts';

export interface RunSuiteOptions {
  /** Runs the whole suite with the ResultReporter, e.g. ["npm", "test"]. */
  command: readonly [string, ...string[]];
  root: string;
  env: Readonly<Record<string, string>>;
  signal?: AbortSignal | undefined;
}

/** The suite's result, and whether it was run now or known already for the same sources. */
export interface SuiteRun {
  result: SuiteResult;
  reused: boolean;
}

/**
 * Runs the test suite, unless a result for exactly these sources exists. Failing tests are a
 * result; throws H_SUITE_NO_RESULT when the command ended without one.
 */
export async function runSuite(options: RunSuiteOptions): Promise<SuiteRun> {
  const { root, command } = options;
  const sourceHash = await sourceHashOf(root);
  const known = sourceHash === null ? undefined : await loadSuiteResult(root, sourceHash);
  if (known !== undefined) return { result: known, reused: true };
  const log = await runCommand(options);
  const result = sourceHash === null ? undefined : await loadSuiteResult(root, sourceHash);
  if (result !== undefined) return { result, reused: false };
  throw new HarnessError(
    `The test command "${command.join(' ')}" ended without a result for these sources.\nIts last output:\n${log.tail(30)}`,
    {
      code: 'H_SUITE_NO_RESULT',
      fix: 'Run the command by hand. It must run the whole suite, with ResultReporter among the reporters, in a git repository whose files do not change meanwhile.',
    },
  );
}

async function runCommand({ command, root, env, signal }: RunSuiteOptions) {
  const [file, ...args] = boundToParent(command);
  const child = spawn(file, args, {
    cwd: root,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
  });
  const log = collectLog(child.stdout, child.stderr);
  await new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  signal?.throwIfAborted();
  return log;
}
