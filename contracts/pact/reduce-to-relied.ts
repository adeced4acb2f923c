import { Matchers } from '@pact-foundation/pact';
import type { Relied, Some } from './relied-fields.ts';

/**
 * What is left of a recorded value when only the fields remain that somebody reads, each an example
 * with its rule. What was not recorded, or is null, is not expected.
 */
export function reduceToRelied(relied: Relied, recorded: unknown): unknown {
  if (typeof relied === 'function') return relied(recorded);
  if (isList(relied)) {
    const [item] = relied;
    return Array.isArray(recorded) ? recorded.map((one) => reduceToRelied(item, one)) : recorded;
  }
  // A word in the place of an object, as [DONE] is.
  if (typeof recorded !== 'object' || recorded === null) return recorded;
  if (isSome(relied)) {
    const items = Object.values(recorded).map((one: unknown) => reduceToRelied(relied.some, one));
    return Matchers.arrayContaining(...items.filter((one) => Object.keys(Object(one)).length > 0));
  }
  const entries = Object.entries(relied).flatMap(([field, below]) => {
    const value: unknown = Reflect.get(recorded, field);
    return value === undefined || value === null ? [] : [[field, reduceToRelied(below, value)]];
  });
  return Object.fromEntries(entries);
}

function isList(relied: Relied): relied is readonly [Relied] {
  return Array.isArray(relied);
}

function isSome(relied: Relied): relied is Some {
  return 'some' in relied;
}
