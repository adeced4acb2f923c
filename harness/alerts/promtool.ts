import { HarnessError } from '#harness/errors/harness-error.ts';
import { runProgram } from '#harness/processes/run-program.ts';

const TIMEOUT_MS = 60_000;
/** 3: what it reads is valid, and not as it should be. */
const JUDGEMENTS: readonly string[] = ['ended with exit code 1', 'ended with exit code 3'];

export interface PromtoolOptions {
  /** Path of the program. */
  promtool: string;
  /** What it reads from standard input. */
  input?: string;
  signal?: AbortSignal | undefined;
}

/**
 * What promtool objects to, e.g. `['check', 'rules', file]`; undefined when nothing. Throws
 * H_ALERTS_PROMTOOL when it gave no judgement.
 */
export async function runPromtool(
  args: readonly [string, string, ...string[]],
  { promtool, input, signal }: PromtoolOptions,
): Promise<string | undefined> {
  const { succeeded, problem, stdout, stderr } = await runProgram(promtool, args, {
    timeoutMs: TIMEOUT_MS,
    input,
    signal,
  });
  if (succeeded) return undefined;
  const said = `${stderr}\n${stdout}`.trim();
  if (JUDGEMENTS.includes(problem) && said !== '') return said;
  throw new HarnessError(
    `${promtool} ${args[0]} ${args[1]} gave no judgement: ${problem}. ${said}`,
    {
      code: 'H_ALERTS_PROMTOOL',
      fix: 'See that this promtool runs, and that the files it is given can be read.',
    },
  );
}
