import type { WireCall } from '#harness/index.ts';

/**
 * Prices of the models that scenarios ask for, restated: read from the service's own table, they
 * could not contradict it. Pico-USD per token is USD per million tokens × 10^6.
 */

const CLASSES = {
  input: 'input',
  cachedInput: 'cached_input',
  cacheWrite: 'cache_write',
  output: 'output',
  reasoning: 'reasoning',
} as const;

type TokenClass = keyof typeof CLASSES;
type TokenPrices = Readonly<Record<TokenClass, bigint>>;

interface ModelPrice {
  tokens: TokenPrices;
  /** What the whole request costs when its prompt is longer. */
  above?: { promptTokens: number; tokens: TokenPrices };
  perImage?: bigint;
}

const GPT_4O_MINI = { tokens: prices({ input: 150_000n, cachedInput: 75_000n, output: 600_000n }) };
const GPT_5_4_NANO = {
  tokens: prices({ input: 200_000n, cachedInput: 20_000n, output: 1_250_000n }),
};

const PRICES: Readonly<Record<string, ModelPrice>> = {
  'openai/gpt-4o-mini': GPT_4O_MINI,
  'openai/gpt-5.4-nano': GPT_5_4_NANO,
  'openai/gpt-5.4-mini': {
    tokens: prices({ input: 750_000n, cachedInput: 75_000n, output: 4_500_000n }),
  },
  'openai/dall-e-3': {
    tokens: prices({ input: 0n, cachedInput: 0n, output: 0n }),
    perImage: 40_000_000_000n,
  },
  'openai/gpt-image-1-mini': {
    tokens: prices({ input: 2_000_000n, cachedInput: 200_000n, output: 8_000_000n }),
  },
  'google/gemini-2.5-flash-lite': {
    tokens: prices({ input: 100_000n, cachedInput: 10_000n, output: 400_000n }),
  },
  'google/gemini-3.5-flash': {
    tokens: prices({ input: 1_500_000n, cachedInput: 150_000n, output: 9_000_000n }),
  },
  'google/gemini-3.5-flash-lite': {
    tokens: prices({ input: 300_000n, cachedInput: 30_000n, output: 2_500_000n }),
  },
  'google/gemini-2.5-pro': {
    tokens: prices({ input: 1_250_000n, cachedInput: 125_000n, output: 10_000_000n }),
    above: {
      promptTokens: 200_000,
      tokens: prices({ input: 2_500_000n, cachedInput: 250_000n, output: 15_000_000n }),
    },
  },
  'google/gemini-3.1-flash-image': {
    tokens: prices({ input: 500_000n, cachedInput: 500_000n, output: 60_000_000n }),
  },
  'google/imagen-4.0-generate-001': {
    tokens: prices({ input: 0n, cachedInput: 0n, output: 0n }),
    perImage: 40_000_000_000n,
  },
  'anthropic/claude-haiku-4-5': {
    tokens: prices({
      input: 1_000_000n,
      cachedInput: 100_000n,
      cacheWrite: 1_250_000n,
      output: 5_000_000n,
    }),
  },
  'anthropic/claude-opus-5': {
    tokens: prices({
      input: 5_000_000n,
      cachedInput: 500_000n,
      cacheWrite: 6_250_000n,
      output: 25_000_000n,
    }),
  },
  'anthropic/claude-sonnet-5': {
    tokens: prices({
      input: 3_000_000n,
      cachedInput: 300_000n,
      cacheWrite: 3_750_000n,
      output: 15_000_000n,
    }),
  },
  'azure/gpt-4o-mini': GPT_4O_MINI,
  'azure/gpt-5.4-nano': GPT_5_4_NANO,
};

/** Writing the cache costs as input, and reasoning as output, where nothing else is said. */
function prices(stated: Omit<TokenPrices, 'cacheWrite' | 'reasoning'> & Partial<TokenPrices>) {
  return { cacheWrite: stated.input, reasoning: stated.output, ...stated };
}

export function tokenClasses() {
  return Object.entries(CLASSES) as [TokenClass, (typeof CLASSES)[TokenClass]][];
}

/** What vendors put behind the name of a family: a date, a number or "latest". */
const SNAPSHOT = /-(?:\d{4}-\d{2}-\d{2}|\d{8}|\d{3,4}|latest)$/;

/** The model label: the catalogue's name for what a provider was asked, "other" for the rest. */
export function modelLabel(provider: string, asked: string | undefined): string {
  const names = [asked ?? '', (asked ?? '').replace(SNAPSHOT, '')];
  return names.find((name) => `${provider}/${name}` in PRICES) ?? 'other';
}

const NO_USAGE = { input: 0, cachedInput: 0, cacheWrite: 0, output: 0, reasoning: 0 };

/** Which provider serves a model that a client names as "model" or as "provider/model". */
export function providerOf(asked: string): string | undefined {
  const [prefix = '', ...rest] = asked.split('/');
  if (rest.length > 0) return prefix;
  const served = (name: string): boolean => modelLabel(name, asked) !== 'other';
  return ['openai', 'google', 'anthropic', 'azure'].find(served);
}

type Billable = Pick<WireCall, 'provider' | 'modelServed' | 'modelRequested' | 'images' | 'usage'>;

/** What the provider bills for what it has sent; undefined when it has reported nothing to bill. */
export function costOf(call: Billable): bigint | undefined {
  const { provider, modelServed, modelRequested, images } = call;
  const price = PRICES[`${provider}/${modelLabel(provider, modelServed ?? modelRequested)}`];
  if (price === undefined || (call.usage === undefined && images === 0)) return undefined;
  const usage = call.usage ?? NO_USAGE;
  const prompt = usage.input + usage.cachedInput + usage.cacheWrite;
  const { above } = price;
  const perToken = above && prompt > above.promptTokens ? above.tokens : price.tokens;
  return tokenClasses().reduce(
    (sum, [field]) => sum + BigInt(usage[field]) * perToken[field],
    BigInt(images) * (price.perImage ?? 0n),
  );
}
