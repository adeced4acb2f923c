import { z } from 'zod';

/** For a field that the provider's shape has no words for: a client may only leave it empty. */
export const unsaid = z.null({ error: 'cannot be said to the provider of this model' }).optional();

/** For a field that may only say what holds anyway. */
export function onlySaying<Value extends string | number | boolean>(value: Value) {
  const error = `can only be ${JSON.stringify(value)} for the provider of this model`;
  return z.literal(value, { error }).nullish();
}
