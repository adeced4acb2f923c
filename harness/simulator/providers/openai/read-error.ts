import { z } from 'zod';

import type { PayloadError } from '../wire.ts';

const text = z.string().nullish().catch(undefined);

const errorSchema = z.looseObject({
  message: text,
  type: text,
  // Providers that speak this protocol too send numbers.
  code: z.union([z.string(), z.number()]).nullish().catch(undefined),
});

/** The error of an answer or an event; undefined when it holds none. */
export function readError(payload: Readonly<Record<string, unknown>>): PayloadError | undefined {
  const result = errorSchema.safeParse(findError(payload));
  if (!result.success) {
    return undefined;
  }
  const { code, type, message } = result.data;
  const codes = [code, type].flatMap((name) => (name ? [String(name)] : []));
  return { codes, message: message ?? '', retryAfterMs: undefined };
}

/** OpenAI's own envelope, and those of others who say that they speak its protocol. */
function findError(payload: Readonly<Record<string, unknown>>): unknown {
  const { error, object, detail } = payload;
  if (typeof error === 'string') {
    return { ...payload, message: error };
  }
  if (object === 'error') {
    return payload;
  }
  return typeof detail === 'string' ? { message: detail } : error;
}
