import type { RunningService } from '#contracts/testing/running-service.ts';
import type { Answer, ServiceUser } from '#contracts/testing/service-user.ts';
import type { JsonSchema, Operation } from './openapi-document.ts';
import { bodies, resources } from './recipes.ts';

/** A place of a request that holds the id of something a user owns. */
export interface Reference {
  readonly in: 'path' | 'query' | 'header' | 'body';
  readonly name: string;
}

export function describeOperation({ method, path }: Operation): string {
  return `${method} ${path}`;
}

/** The schema of the JSON body; undefined for an operation without one. */
export function bodySchema({ requestBody }: Operation): JsonSchema | undefined {
  return requestBody?.content['application/json']?.schema;
}

/** Every place of the operation's requests where an id can stand. */
export function listReferences(operation: Operation): Reference[] {
  const fields = Object.entries(bodySchema(operation)?.['properties'] ?? {});
  return [
    ...operation.parameters,
    ...fields.map(([name, schema]) => ({ in: 'body' as const, name, schema })),
  ]
    .filter(
      ({ in: place, schema }) => place === 'path' || JSON.stringify(schema).includes('"uuid"'),
    )
    .map(({ in: place, name }) => ({ in: place, name }));
}

/** Makes what the reference names, for this user; gives its id. */
export async function makeReferred(
  operation: Operation,
  { in: place, name }: Reference,
  { service, user }: { readonly service: RunningService; readonly user: ServiceUser },
): Promise<string> {
  const [start = ''] = operation.path.split(`{${name}}`);
  const recipe = place === 'path' ? `${start}{${name}}` : name;
  const make = resources[recipe];
  if (make === undefined)
    throw new RangeError(
      `No recipe makes what "${name}" of ${describeOperation(operation)} names: add '${recipe}' to resources in contracts/api/recipes.ts.`,
    );
  return make(service, user);
}

export interface SentRequest {
  readonly service: RunningService;
  readonly user: ServiceUser;
  /** What stands in the places of ids. */
  readonly ids: ReadonlyMap<Reference, string>;
}

/** Sends a request that would be accepted if the user owned what the ids name. */
export function sendFilled(
  operation: Operation,
  { service, user, ids }: SentRequest,
): Promise<Answer> {
  const makeBody = bodies[describeOperation(operation)];
  if (operation.requestBody !== undefined && makeBody === undefined)
    throw new RangeError(
      `No recipe has a body for ${describeOperation(operation)}: add it to bodies in contracts/api/recipes.ts.`,
    );
  const inPlace = (wanted: Reference['in']): [string, string][] =>
    [...ids].flatMap(([{ in: place, name }, id]) => (place === wanted ? [[name, id]] : []));
  const path = inPlace('path').reduce(
    (text, [name, id]) => text.replace(`{${name}}`, id),
    operation.path,
  );
  const query = new URLSearchParams(inPlace('query')).toString();
  const body = makeBody && { ...makeBody(service), ...Object.fromEntries(inPlace('body')) };
  return user.call(operation.method, query === '' ? path : `${path}?${query}`, body, {
    headers: Object.fromEntries(inPlace('header')),
  });
}
