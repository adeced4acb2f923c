import { spawn } from 'node:child_process';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { boundToParent } from './bound-to-parent.ts';
import { collectLog } from './process-log.ts';

export interface RunCommandOptions {
  command: readonly [string, ...string[]];
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** Written to standard input, which is then closed. */
  input?: string;
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** Runs one of the service's own commands (migrate, seed) to its end. Throws H_SERVICE_COMMAND. */
export async function runCommand(options: RunCommandOptions): Promise<void> {
  const { command, cwd, env, input = '', timeoutMs = 60_000 } = options;
  const limit = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  const [file, ...args] = boundToParent(command);
  const child = spawn(file, args, { cwd, env, signal, killSignal: 'SIGKILL' });
  const log = collectLog(child.stdout, child.stderr);
  const shown = command.join(' ');
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) =>
      resolve(limit.aborted ? `took longer than ${timeoutMs} ms` : error.message),
    );
    child.once('close', (code, killedBy) =>
      resolve(code === 0 ? undefined : `ended with ${killedBy ?? `exit code ${code}`}`),
    );
  });
  child.stdin.on('error', () => undefined); // A command that does not read its input may close it.
  child.stdin.end(input);
  const problem = await ended;
  if (problem === undefined) return;
  options.signal?.throwIfAborted();
  throw new HarnessError(
    `The command "${shown}" (in ${cwd}) ${problem}.\nIts last output:\n${log.tail(20)}`,
    {
      code: 'H_SERVICE_COMMAND',
      fix: 'Run the command by hand with the same variables, and correct it or tally.config.ts.',
    },
  );
}
