import { once } from 'node:events';
import { parentPort, type Worker } from 'node:worker_threads';
import { z } from 'zod';
import type { Round, RoundResult } from './load.ts';

const ANSWER_LIMIT_MS = 30_000;

/** One who sends calls in a thread of its own, so that nobody who measures makes it wait. */
export interface Client {
  run(round: Round): Promise<RoundResult>;
  /** The bytes of each chunk of one answer, as the client gets them. */
  readChunks(round: Round): Promise<number[]>;
}

const answerSchema = z.union([
  z.object({
    result: z.union([
      z.array(z.number()),
      z.object({
        requestsPerSecond: z.number(),
        latenciesMs: z.instanceof(Float64Array<ArrayBuffer>),
      }),
    ]),
  }),
  z.object({ error: z.string() }),
]);

type Asked = { readonly ask: keyof Client; readonly round: Round };

/** In the thread: answers what clientOf() asks from the other side. */
export function serveClient(client: Client): void {
  parentPort?.on('message', ({ ask, round }: Asked) => {
    client[ask](round).then(
      (result) => parentPort?.postMessage({ result }),
      (error: unknown) => parentPort?.postMessage({ error: String(error) }),
    );
  });
}

/** From the other side. Both methods throw when any answer is not whole. */
export function clientOf(worker: Worker): Client {
  const ask = async (asked: Asked) => {
    const answered = once(worker, 'message', { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    worker.postMessage(asked);
    const parsed = answerSchema.parse((await answered)[0]);
    if ('error' in parsed) throw new Error(parsed.error);
    return parsed.result;
  };
  return {
    run: async (round) => {
      const result = await ask({ ask: 'run', round });
      if (Array.isArray(result)) throw new TypeError('chunks were answered to a round');
      return result;
    },
    readChunks: async (round) => {
      const result = await ask({ ask: 'readChunks', round });
      if (!Array.isArray(result)) throw new TypeError('a round was answered to chunks');
      return result;
    },
  };
}
