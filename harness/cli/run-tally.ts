import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { processEnvironment } from '#harness/config/env.ts';

export const TALLY = join(import.meta.dirname, 'tally.ts');

const TIMEOUT_MS = 170_000;

/** What one command line printed and how it ended; for tests of the command. */
export interface TallyRun {
  stdout: string;
  stderr: string;
  exitCode: number | null;
}

/** Runs the command in a process of its own, as a user would. */
export async function runTally(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<TallyRun> {
  const child = spawn(process.execPath, [TALLY, ...args], {
    env: { ...processEnvironment(), NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.timeout(TIMEOUT_MS),
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ stdout, stderr, exitCode }));
  });
}
