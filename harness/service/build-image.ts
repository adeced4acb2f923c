import type { Command } from '#harness/config/tally-config.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { runProgram } from '#harness/processes/run-program.ts';

const TIMEOUT_MS = 15 * 60_000;
const OUTPUT_LINES_SHOWN = 30;

export interface BuildImageOptions {
  /** Prints the image's id or name as its last line. */
  command: Command;
  cwd: string;
  env: Readonly<Record<string, string>>;
  signal?: AbortSignal | undefined;
}

/** Builds the image of the service. Resolves with its id or name; throws H_SERVICE_IMAGE_BUILD. */
export async function buildImage(options: BuildImageOptions): Promise<string> {
  const { command, cwd, env, signal } = options;
  const [file, ...args] = command;
  const result = await runProgram(file, args, { cwd, env, signal, timeoutMs: TIMEOUT_MS });
  const image = result.stdout.trim().split('\n').at(-1) ?? '';
  if (result.succeeded && /^\S+$/.test(image)) return image;
  const problem = result.succeeded ? 'printed no image id as its last line' : result.problem;
  const output = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-OUTPUT_LINES_SHOWN);
  throw new HarnessError(
    `The command "${command.join(' ')}" (in ${cwd}) ${problem}.\nIts last output:\n${output.join('\n')}`,
    {
      code: 'H_SERVICE_IMAGE_BUILD',
      fix: 'Run the command by hand and correct it or service.buildImage, or name an image: --image <name>.',
    },
  );
}
