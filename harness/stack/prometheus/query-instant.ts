import { z } from 'zod';

const QUERY_TIMEOUT_MS = 5_000;

const answerSchema = z.object({
  data: z.object({
    result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })),
  }),
});

/** The values of an instant query, in the order of the answer. Throws when there is no answer. */
export async function queryInstant(
  prometheusUrl: string,
  query: string,
  signal?: AbortSignal,
): Promise<number[]> {
  const limit = AbortSignal.timeout(QUERY_TIMEOUT_MS);
  const response = await fetch(`${prometheusUrl}/api/v1/query?${new URLSearchParams({ query })}`, {
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  });
  const answer = answerSchema.parse(await response.json());
  return answer.data.result.map(({ value }) => Number(value[1]));
}
