import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { ProviderCall, TokenClasses } from '#harness/simulator/ledger.ts';

const picoUsd = z.string().regex(/^\d+$/).transform(BigInt);
const tokenPrices = z.object({
  input: picoUsd,
  cached_input: picoUsd,
  cache_write: picoUsd,
  output: picoUsd,
  reasoning: picoUsd,
});

const schema = z.object({
  entries: z.array(
    z.object({
      provider: z.string(),
      model: z.string(),
      validFrom: z.iso.date(),
      validTo: z.iso.date().optional(),
      prices: tokenPrices,
      tiers: z.array(z.object({ abovePromptTokens: z.int(), prices: tokenPrices })).default([]),
      perImage: picoUsd.default(0n),
    }),
  ),
});

/** What is billed of one provider call. */
export type Billed = Pick<ProviderCall, 'provider' | 'usage' | 'images'> & {
  model: string | undefined;
};

/** USD that a call cost on a day; undefined when the table does not list its model. */
export type Prices = (billed: Billed, day: string) => number | undefined;

/** What vendors put behind the name of a family. */
const SNAPSHOT = /-(?:\d{4}-\d{2}-\d{2}|\d{8}|\d{3,4}|latest)$/;

/** @throws HarnessError H_LIVE_PRICES when the file is no price table */
export async function loadPrices(file: string): Promise<Prices> {
  const { entries } = await readTable(file);
  return ({ provider, model = '', usage, images }, day) => {
    const listed = [model, model.replace(SNAPSHOT, '')].map((name) =>
      entries.find(
        (entry) =>
          entry.provider === provider &&
          entry.model === name &&
          entry.validFrom <= day &&
          (entry.validTo === undefined || day < entry.validTo),
      ),
    );
    const entry = listed.find((one) => one !== undefined);
    if (entry === undefined) return undefined;
    return Number(costPicoUsd(usage ?? NO_TOKENS, entry) + BigInt(images) * entry.perImage) / 1e12;
  };
}

const NO_TOKENS: TokenClasses = {
  input: 0,
  cachedInput: 0,
  cacheWrite: 0,
  output: 0,
  reasoning: 0,
};

function costPicoUsd(
  usage: Readonly<TokenClasses>,
  { prices, tiers }: z.infer<typeof schema>['entries'][number],
): bigint {
  const prompt = usage.input + usage.cachedInput + usage.cacheWrite;
  const tier = tiers.findLast(({ abovePromptTokens }) => prompt > abovePromptTokens);
  const per = tier?.prices ?? prices;
  return (
    BigInt(usage.input) * per.input +
    BigInt(usage.cachedInput) * per.cached_input +
    BigInt(usage.cacheWrite) * per.cache_write +
    BigInt(usage.output) * per.output +
    BigInt(usage.reasoning) * per.reasoning
  );
}

async function readTable(file: string): Promise<z.infer<typeof schema>> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new HarnessError(`"${file}" is not a table of prices: ${String(cause)}.`, {
      code: 'H_LIVE_PRICES',
      fix: 'Name in `prices` of the configuration a file like fixtures/prices/catalogue.json.',
      cause,
    });
  }
}
