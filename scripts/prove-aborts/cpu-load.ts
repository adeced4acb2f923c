import { Worker } from 'node:worker_threads';

/** Keeps `threads` cores busy until it is disposed. */
export function cpuLoad(threads: number): AsyncDisposable {
  const workers = Array.from(
    { length: threads },
    () => new Worker('for (;;) Math.random();', { eval: true }),
  );
  return {
    [Symbol.asyncDispose]: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
