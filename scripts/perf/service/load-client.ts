import { Agent, request } from 'node:http';
import { parentPort } from 'node:worker_threads';
import type { Load, LoadResult } from './load.ts';

const LIMIT_MS = 30_000;
/** The first piece of text, in any JSON spacing; the opening event of a stream has an empty one. */
const FIRST_CONTENT = /"content":\s?"[^"]/;

// A thread of its own, so that neither the simulator nor the one who measures makes it wait.
parentPort?.on('message', (load: Load) => {
  run(load).then(
    (result) => parentPort?.postMessage({ result }, [result.latenciesMs.buffer]),
    (error: unknown) => parentPort?.postMessage({ error: String(error) }),
  );
});

async function run(load: Load): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections });
  const latenciesMs = new Float64Array(load.requests);
  let next = 0;
  const connection = async (): Promise<void> => {
    while (next < load.requests) {
      const index = next;
      next += 1;
      latenciesMs[index] = await send(load, agent);
    }
  };
  try {
    const startedAtMs = performance.now();
    await Promise.all(Array.from({ length: load.connections }, connection));
    const seconds = (performance.now() - startedAtMs) / 1_000;
    return { latenciesMs, requestsPerSecond: load.requests / seconds };
  } finally {
    agent.destroy();
  }
}

/** Resolves when the answer has ended, with the latency in milliseconds. */
function send({ url, headers, body, isStream }: Load, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAtMs = performance.now();
    const options = { method: 'POST', agent, headers, timeout: LIMIT_MS };
    const sent = request(url, options, (response) => {
      let text = '';
      let firstAtMs: number | undefined;
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (FIRST_CONTENT.test(text)) firstAtMs ??= performance.now();
      });
      response.once('error', reject).once('end', () => {
        const atMs = isStream ? firstAtMs : performance.now();
        if (response.statusCode === 200 && firstAtMs !== undefined && atMs !== undefined)
          resolve(atMs - startedAtMs);
        else reject(new Error(`${url} answered ${response.statusCode}: ${text.slice(0, 300)}`));
      });
    });
    sent.once('timeout', () => sent.destroy(new Error(`${url} took over ${LIMIT_MS} ms`)));
    sent.once('error', reject);
    sent.end(body);
  });
}
