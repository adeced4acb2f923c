import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import type { Load, LoadResult } from './load.ts';

const ROUND_LIMIT_MS = 120_000;

const message = z.union([
  z.object({
    result: z.object({
      latenciesMs: z.instanceof(Float64Array<ArrayBuffer>),
      requestsPerSecond: z.number(),
    }),
  }),
  z.object({ error: z.string() }),
]);

export interface LoadClient extends AsyncDisposable {
  /** Throws when any answer is not a whole 200. */
  run(load: Load): Promise<LoadResult>;
}

export function startLoadClient(): LoadClient {
  const worker = new Worker(new URL('./load-client.ts', import.meta.url));
  return {
    run: async (load) => {
      const answered = once(worker, 'message', { signal: AbortSignal.timeout(ROUND_LIMIT_MS) });
      worker.postMessage(load);
      const [answer] = await answered.catch((cause: unknown) => {
        throw new Error(`A round against ${load.url} took over ${ROUND_LIMIT_MS} ms.`, { cause });
      });
      const parsed = message.parse(answer);
      if ('error' in parsed) throw new Error(parsed.error);
      return parsed.result;
    },
    [Symbol.asyncDispose]: async () => {
      await worker.terminate();
    },
  };
}
