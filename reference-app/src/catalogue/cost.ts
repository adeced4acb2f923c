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
type TokenPrices = Readonly<Record<TokenClass, bigint>>;

/** What one model costs on one day. */
export interface Prices {
  readonly prices: TokenPrices;
  /** Other prices for long prompts, the lowest limit first. */
  readonly tiers: readonly {
    readonly abovePromptTokens: number;
    readonly prices: TokenPrices;
  }[];
  /** Pico-USD per image. */
  readonly perImage: bigint;
}

/** What a provider bills one attempt for. */
export interface Billed {
  readonly tokens: TokenCounts;
  readonly images: number;
}

export const NO_TOKENS: TokenCounts = Object.freeze({
  input: 0,
  cached_input: 0,
  cache_write: 0,
  output: 0,
  reasoning: 0,
});

/** The exact cost in pico-USD: integers throughout, so nothing is rounded. */
export function costPicoUsd({ tokens, images }: Billed, { prices, tiers, perImage }: Prices) {
  // Providers count the whole prompt, cached or not, and a tier holds for all of the request.
  const promptTokens = tokens.input + tokens.cached_input + tokens.cache_write;
  const tier = tiers.findLast(({ abovePromptTokens }) => promptTokens > abovePromptTokens);
  const perToken = tier?.prices ?? prices;
  let cost = BigInt(images) * perImage;
  for (const tokenClass of TOKEN_CLASSES) cost += BigInt(tokens[tokenClass]) * perToken[tokenClass];
  return cost;
}
