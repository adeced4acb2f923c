type Task = (signal: AbortSignal) => Promise<unknown>;
type Results<Tasks extends readonly Task[]> = {
  -readonly [Each in keyof Tasks]: Awaited<ReturnType<Tasks[Each]>>;
};

/**
 * Runs all tasks at once and gives their results. When one throws, the signal of the others aborts;
 * all have ended before its error is thrown on, so that nothing of them is left.
 */
export async function runTogether<const Tasks extends readonly Task[]>(
  tasks: Tasks,
  signal?: AbortSignal,
): Promise<Results<Tasks>> {
  const failed = new AbortController();
  const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const running = tasks.map(async (task) => {
    try {
      return await task(either);
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  });
  await Promise.allSettled(running);
  failed.signal.throwIfAborted();
  return (await Promise.all(running)) as Results<Tasks>;
}
