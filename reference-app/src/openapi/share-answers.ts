import { isDeepStrictEqual } from 'node:util';

type Parts = Record<string, unknown>;

/** What this code knows of the answers that @fastify/swagger has made. */
interface Operation {
  readonly responses?: Record<string, { readonly headers?: Parts }>;
}

/**
 * Replaces headers and error answers, which most routes share, by references; gives what they
 * refer to. One that differs from its namesake stays where it is.
 */
export function shareAnswers(paths: object): Record<'headers' | 'responses', Parts> {
  const shared = { headers: {}, responses: {} };
  for (const operations of Object.values<Record<string, Operation>>({ ...paths })) {
    for (const { responses = {} } of Object.values(operations)) {
      for (const [status, response] of Object.entries(responses)) {
        const { headers = {} } = response;
        for (const name of Object.keys(headers)) share(shared, 'headers', { from: headers, name });
        const [, shape] =
          /"#\/components\/schemas\/(\w*Error)"/.exec(JSON.stringify(response)) ?? [];
        if (shape !== undefined)
          share(shared, 'responses', { from: responses, name: status, as: shape + status });
      }
    }
  }
  return shared;
}

function share(
  shared: Record<'headers' | 'responses', Parts>,
  kind: 'headers' | 'responses',
  { from, name, as = name }: { from: Parts; name: string; as?: string },
): void {
  shared[kind][as] ??= from[name];
  if (!isDeepStrictEqual(shared[kind][as], from[name])) return;
  from[name] = { $ref: `#/components/${kind}/${as}` };
}
