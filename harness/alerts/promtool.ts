import { HarnessError } from '#harness/errors/harness-error.ts';
import { runProgram } from '#harness/stack/embedded/run-program.ts';

const TIMEOUT_MS = 60_000;

export interface PromtoolOptions {
  /** Path of the program. */
  promtool: string;
  signal?: AbortSignal | undefined;
}

/**
 * What promtool objects to in rule files ("check") or test files ("test"); undefined when nothing.
 * Throws H_ALERTS_PROMTOOL when it gave no judgement.
 */
export async function runPromtool(
  work: 'check' | 'test',
  files: readonly string[],
  { promtool, signal }: PromtoolOptions,
): Promise<string | undefined> {
  const { succeeded, problem, stdout, stderr } = await runProgram(
    promtool,
    [work, 'rules', ...files],
    { timeoutMs: TIMEOUT_MS, signal },
  );
  if (succeeded) return undefined;
  const said = `${stderr}\n${stdout}`.trim();
  if (problem === 'ended with exit code 1' && said !== '') return said;
  throw new HarnessError(`${promtool} ${work} rules gave no judgement: ${problem}. ${said}`, {
    code: 'H_ALERTS_PROMTOOL',
    fix: 'See that this promtool runs, and that the files it is given can be read.',
  });
}
