/**
 * Mutually exclusive: every billed token is in exactly one class. So a sum over classes never
 * counts a token twice, whichever way a provider nests its own numbers.
 */
export const TOKEN_CLASSES = [
  'input',
  'cached_input',
  'cache_write',
  'output',
  'reasoning',
] as const;

type TokenClass = (typeof TOKEN_CLASSES)[number];

export type TokenCounts = Readonly<Record<TokenClass, number>>;

/** Pico-USD (10^-12 USD) per token. */
export type TokenPrices = Readonly<Record<TokenClass, bigint>>;

export const NO_TOKENS: TokenCounts = Object.freeze({
  input: 0,
  cached_input: 0,
  cache_write: 0,
  output: 0,
  reasoning: 0,
});

/** The exact cost in pico-USD: integers throughout, so nothing is rounded. */
export function costPicoUsd(tokens: TokenCounts, prices: TokenPrices): bigint {
  let cost = 0n;
  for (const tokenClass of TOKEN_CLASSES) cost += BigInt(tokens[tokenClass]) * prices[tokenClass];
  return cost;
}
