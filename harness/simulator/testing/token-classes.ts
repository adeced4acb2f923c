import fc from 'fast-check';

const count = fc.nat(1_000_000);

/** Any counts that an answer may have. */
export const tokenClasses = fc.record({
  input: count,
  cachedInput: count,
  cacheWrite: count,
  output: count,
  reasoning: count,
});
