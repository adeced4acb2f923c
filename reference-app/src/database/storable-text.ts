import { z } from 'zod';

/** Text that a column keeps as it is: no half of a surrogate pair, no NUL nor its like. */
export const storableText = z
  .string()
  .regex(/^(?:[^\p{Cc}\p{Cs}]|[\t\n\r])*$/u, { error: 'must not hold control characters' });
