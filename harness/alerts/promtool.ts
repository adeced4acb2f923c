import { HarnessError } from '#harness/errors/harness-error.ts';
import { runProgram } from '#harness/processes/run-program.ts';

const TIMEOUT_MS = 60_000;

export interface PromtoolOptions {
  /** Path of the program. */
  promtool: string;
  signal?: AbortSignal | undefined;
}

/**
 * What promtool objects to, e.g. `['check', 'rules', file]`; undefined when nothing. Throws
 * H_ALERTS_PROMTOOL when it gave no judgement.
 */
export async function runPromtool(
  args: readonly [string, string, ...string[]],
  { promtool, signal }: PromtoolOptions,
): Promise<string | undefined> {
  const { succeeded, problem, stdout, stderr } = await runProgram(promtool, args, {
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  if (succeeded) return undefined;
  const said = `${stderr}\n${stdout}`.trim();
  if (problem === 'ended with exit code 1' && said !== '') return said;
  throw new HarnessError(
    `${promtool} ${args[0]} ${args[1]} gave no judgement: ${problem}. ${said}`,
    {
      code: 'H_ALERTS_PROMTOOL',
      fix: 'See that this promtool runs, and that the files it is given can be read.',
    },
  );
}
