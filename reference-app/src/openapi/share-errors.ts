import { isDeepStrictEqual } from 'node:util';

type Operations = Readonly<Record<string, { readonly responses?: Record<string, unknown> }>>;

/** Replaces each error answer by a reference; gives what they refer to. Routes share most of them. */
export function shareErrors(paths: object): Record<string, unknown> {
  const shared: Record<string, unknown> = {};
  for (const operations of Object.values<Operations>({ ...paths })) {
    for (const { responses = {} } of Object.values(operations)) {
      for (const [status, response] of Object.entries(responses)) {
        const [, schema] =
          /"#\/components\/schemas\/(\w*Error)"/.exec(JSON.stringify(response)) ?? [];
        if (schema === undefined) continue;
        shared[schema + status] ??= response;
        // One with headers of its own stays where it is.
        if (!isDeepStrictEqual(shared[schema + status], response)) continue;
        responses[status] = { $ref: `#/components/responses/${schema}${status}` };
      }
    }
  }
  return shared;
}
