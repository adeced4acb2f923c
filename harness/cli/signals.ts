const STOPPING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** As a shell reports a process that Ctrl-C ended. */
export const EXIT_INTERRUPTED = 130;

/** Thrown (as the reason of the signal) when the user asked to stop. */
export class Interrupted extends Error {
  constructor(signal: string) {
    super(`Stopped by ${signal}.`);
    this.name = 'Interrupted';
  }
}

/**
 * Runs `work` with a signal that the first Ctrl-C aborts, so that everything is cleaned up; a
 * second Ctrl-C ends the process at once, and the next start sweeps what is left.
 */
export async function withSignals<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const onSignal = (name: string): void => {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED);
    controller.abort(new Interrupted(name));
  };
  for (const name of STOPPING_SIGNALS) process.on(name, onSignal);
  try {
    return await work(controller.signal);
  } catch (error) {
    // What fails while everything stops, e.g. a question to a server that is gone, is no news.
    controller.signal.throwIfAborted();
    throw error;
  } finally {
    for (const name of STOPPING_SIGNALS) process.off(name, onSignal);
  }
}
