import { createOutput, type Output } from './output.ts';
import { reportFailure } from './report-failure.ts';
import { withSignals } from './signals.ts';

/** What a script works with. */
export interface ScriptContext {
  output: Output;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
}

/** Runs a script with Tally's output, Ctrl-C and error reports. Resolves with the exit code. */
export async function runScript(
  work: (context: ScriptContext) => Promise<number>,
): Promise<number> {
  const output = createOutput();
  try {
    return await withSignals((signal) => work({ output, signal }));
  } catch (error) {
    return reportFailure(error, output);
  }
}
