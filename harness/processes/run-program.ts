import { type SpawnOptions, spawn } from 'node:child_process';

const OUTPUT_CHARS_MAX = 16_000;

export interface RunProgramOptions
  extends Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid' | 'stdio'> {
  timeoutMs: number;
  /** Written to standard input, which is then closed. */
  input?: string | undefined;
  signal?: AbortSignal | undefined;
}

export interface ProgramResult {
  succeeded: boolean;
  stdout: string;
  stderr: string;
  /** Why it did not succeed, in words: exit code, signal, time limit, not found. */
  problem: string;
}

/** Runs a program to its end. Rejects only when `signal` aborts. */
export async function runProgram(
  file: string,
  args: readonly string[],
  { timeoutMs, input, signal, ...spawnOptions }: RunProgramOptions,
): Promise<ProgramResult> {
  signal?.throwIfAborted();
  const limit = AbortSignal.timeout(timeoutMs);
  const child = spawn(file, args, {
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...spawnOptions,
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
    killSignal: 'SIGKILL',
  });
  // A program that does not read its input may close it.
  child.stdin?.on('error', () => undefined).end(input);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] = (output[name] + text).slice(-OUTPUT_CHARS_MAX);
    });
  }
  const problem = await new Promise<string>((resolve) => {
    let failure = '';
    child.once('error', (error) => {
      failure = limit.aborted ? `took longer than ${timeoutMs} ms` : error.message;
      if (child.pid === undefined) resolve(failure);
    });
    child.once('close', (code, killedBy) => {
      resolve(failure || (code === 0 ? '' : `ended with ${killedBy ?? `exit code ${code}`}`));
    });
  });
  signal?.throwIfAborted();
  return { succeeded: problem === '', problem, ...output };
}
