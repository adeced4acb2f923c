import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type Catalogue, loadCatalogue } from './catalogue.ts';
import { costPicoUsd, NO_TOKENS, type TokenCounts } from './cost.ts';

const PRICES = { input: '10', cached_input: '1', cache_write: '12', output: '50', reasoning: '50' };

async function writeTable(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'catalogue-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'prices.json');
  await writeFile(path, content);
  return path;
}

const PROVIDERS = ['openai', 'google', 'anthropic', 'azure'];

async function load(...entries: readonly object[]): Promise<Catalogue> {
  const full = entries.map((entry) => ({
    provider: 'openai',
    validFrom: '2026-01-01',
    prices: PRICES,
    ...entry,
  }));
  const table = JSON.stringify({ schemaVersion: 1, entries: full });
  return loadCatalogue(await writeTable(table), { providers: PROVIDERS });
}

const openai = (name: string) => ({ provider: 'openai', name });

describe('catalogue', () => {
  test('lists each model of each provider once, however often its price changed', async () => {
    const catalogue = await load(
      { provider: 'azure', model: 'alpha' },
      { model: 'beta', validTo: '2026-06-01' },
      { model: 'beta', validFrom: '2026-06-01' },
      { model: 'alpha' },
      { provider: 'unknown', model: 'gamma' },
    );
    expect(catalogue.models.map(({ provider, name }) => `${provider}/${name}`)).toEqual([
      'openai/alpha',
      'openai/beta',
      'azure/alpha',
    ]);
  });

  test.for([
    ['both', ['openai', 'azure'], 'both'],
    ['azure/both', ['azure'], 'both'],
    ['azure/my-own-deployment', ['azure'], 'my-own-deployment'],
    ['only-azure-2026-01-01', ['azure'], 'only-azure-2026-01-01'],
    ['meta/both', [], 'meta/both'],
    ['/both', [], '/both'],
  ] as const)('asks for %s at %j', async ([asked, providers, name]) => {
    const catalogue = await load(
      { provider: 'azure', model: 'both' },
      { provider: 'azure', model: 'only-azure' },
      { model: 'both' },
    );
    expect(catalogue.locate(asked)).toEqual({ providers, name });
  });

  test('prices a model by the provider that serves it', async () => {
    const catalogue = await load(
      { model: 'both' },
      { provider: 'azure', model: 'both', prices: { ...PRICES, input: '11' }, perImage: '5' },
    );
    const at = new Date('2026-07-01');
    expect(catalogue.resolve('both')).toEqual({ provider: 'openai', name: 'both' });
    expect(catalogue.resolve('both', 'azure')).toEqual({ provider: 'azure', name: 'both' });
    expect(catalogue.resolve('azure/both')).toEqual({ provider: 'azure', name: 'both' });
    expect(catalogue.resolve('both', 'google')).toBeUndefined();
    expect(catalogue.pricesOf({ provider: 'azure', name: 'both' }, at)).toMatchObject({
      prices: { input: 11n },
      perImage: 5n,
    });
    expect(catalogue.pricesOf({ provider: 'google', name: 'both' }, at)).toBeUndefined();
  });

  test.for([
    ['2025-12-31', undefined],
    ['2026-01-01', 10n],
    ['2026-05-31', 10n],
    ['2026-06-01', 7n],
  ] as const)('on %s the price is %s', async ([day, price]) => {
    const catalogue = await load(
      { model: 'm', validTo: '2026-06-01' },
      { model: 'm', validFrom: '2026-06-01', prices: { ...PRICES, input: '7' } },
    );
    expect(catalogue.pricesOf(openai('m'), new Date(`${day}T12:00:00Z`))?.prices.input).toBe(price);
  });

  test.for([
    ['m-2026-02-02', 'm', 10n],
    ['m-20260202', 'm', 10n],
    ['m-0613', 'm', 10n],
    ['m-001', 'm', 10n],
    ['m-latest', 'm', 10n],
    ['m-2026-05-13', 'm-2026-05-13', 99n],
  ] as const)('resolves %s to %s at %s', async ([asked, name, price]) => {
    const catalogue = await load(
      { model: 'm' },
      { model: 'm-2026-05-13', prices: { ...PRICES, input: '99' } },
    );
    const at = new Date('2026-07-01');
    expect(catalogue.resolve(asked)).toEqual(openai(name));
    expect(catalogue.pricesOf(openai(asked), at)?.prices.input).toBe(price);
  });

  test('does not know a model that it does not list', async () => {
    const catalogue = await load({ model: 'm' });
    expect(catalogue.resolve('mm')).toBeUndefined();
    expect(catalogue.resolve('m-mini')).toBeUndefined();
    expect(catalogue.pricesOf(openai('mm'), new Date('2026-07-01'))).toBeUndefined();
  });

  test.for([
    [
      'a price as a number',
      { model: 'm', prices: { ...PRICES, input: 10 } },
      /entries\.0\.prices\.input/,
    ],
    [
      'a fraction of a pico-USD',
      { model: 'm', prices: { ...PRICES, output: '0.5' } },
      /prices\.output/,
    ],
    ['a class without a price', { model: 'm', prices: { input: '1' } }, /prices\.cached_input/],
    ['a name that could merge two series', { model: 'm,model:x' }, /entries\.0\.model/],
    [
      'limits of prompts in the wrong order',
      {
        model: 'm',
        tiers: [200, 100].map((abovePromptTokens) => ({ abovePromptTokens, prices: PRICES })),
      },
      /entries\.0\.tiers: must have the lowest limit first/,
    ],
    ['a price per image in USD', { model: 'm', perImage: '0.04' }, /entries\.0\.perImage/],
    ['a day that is none', { model: 'm', validFrom: 'May' }, /entries\.0\.validFrom/],
  ] as const)('refuses %s', async ([, entry, message]) => {
    await expect(load(entry)).rejects.toThrow(message);
  });

  test('names the file that is not JSON', async () => {
    await expect(loadCatalogue(await writeTable('{'), { providers: PROVIDERS })).rejects.toThrow(
      /PRICES_FILE .*prices\.json/,
    );
  });
});

describe('the committed price table', async () => {
  const catalogue = await loadCatalogue('fixtures/prices/catalogue.json', { providers: PROVIDERS });

  const costOn = (
    day: string,
    { model, images = 0, ...tokens }: { model: string; images?: number } & Partial<TokenCounts>,
  ): bigint | undefined => {
    const known = catalogue.resolve(model);
    const prices = known && catalogue.pricesOf(known, new Date(`${day}T00:00:00Z`));
    return prices && costPicoUsd({ tokens: { ...NO_TOKENS, ...tokens }, images }, prices);
  };

  // Each cost is worked out by hand from the provider's price in USD per million tokens, so that a
  // slip of a digit in the table shows.
  test.for([
    // 1,000 × 0.15 + 100 × 0.075 + 500 × 0.60 = 457.5 USD per million
    ['2026-11-22', { model: 'gpt-4o-mini', input: 1_000, cached_input: 100, output: 500 }, 457_500],
    // 272,000 × 0.20 + 10 × 1.20, and one token more at 0.40 and 1.80
    ['2026-11-22', { model: 'gpt-5.6-luna', input: 272_000, output: 10 }, 54_412_000],
    ['2026-11-22', { model: 'gpt-5.6-luna', input: 272_001, output: 10 }, 108_818_400],
    ['2026-07-29', { model: 'gpt-5.6-luna', input: 1_000 }, 1_000_000],
    ['2026-07-30', { model: 'gpt-5.6-luna', input: 1_000 }, 200_000],
    ['2026-04-01', { model: 'dall-e-3', images: 2, input: 20 }, 80_000_000],
    // 128,000 × 0.075, then 100,000 × 0.15 + 28,001 × 0.0375
    ['2025-09-01', { model: 'gemini-1.5-flash-002', input: 128_000 }, 9_600_000],
    [
      '2025-09-01',
      { model: 'gemini-1.5-flash', input: 100_000, cached_input: 28_001 },
      16_050_037.5,
    ],
    // 200,000 × 1.25 + 7 × 10, then × 2.50 and × 15
    ['2026-11-22', { model: 'gemini-2.5-pro', input: 200_000, reasoning: 7 }, 250_070_000],
    ['2026-11-22', { model: 'gemini-2.5-pro', input: 200_001, reasoning: 7 }, 500_107_500],
    ['2026-12-31', { model: 'gemini-3.8-flash', output: 100 }, 375_000],
    ['2027-01-01', { model: 'gemini-3.8-flash', output: 100 }, 750_000],
    // Writes 1.25 and reads 0.1 times the input of 1.00
    [
      '2026-11-22',
      { model: 'claude-haiku-4-5-20251001', input: 10, cached_input: 100, cache_write: 100 },
      145_000,
    ],
    ['2026-01-04', { model: 'claude-3-opus-20240229', input: 4, output: 2 }, 210_000],
    ['2026-11-22', { model: 'azure/gpt-5.4-nano', input: 5, output: 4 }, 6_000],
  ] as const)('on %s prices %j', ([day, call, nanoUsd]) => {
    // A token at 1 USD per million costs 1,000 nano-USD.
    expect(costOn(day, call)).toBe(BigInt(nanoUsd * 1_000));
  });

  test.for([
    ['gpt-4', '2026-10-23'],
    ['dall-e-3', '2026-05-12'],
    ['gemini-1.5-flash', '2025-09-29'],
    ['claude-3-haiku', '2026-04-20'],
    ['claude-3-opus', '2026-01-05'],
    ['gpt-4o-mini', '2027-01-14'],
  ])('says that %s retires on %s', async ([model, day]) => {
    const { entries } = JSON.parse(await readFile('fixtures/prices/catalogue.json', 'utf8'));
    expect(entries).toContainEqual(expect.objectContaining({ model, retiredOn: day }));
  });

  test('has no model of a provider that does not exist, no price twice for a day', async () => {
    const { entries } = JSON.parse(await readFile('fixtures/prices/catalogue.json', 'utf8'));
    const rows = z
      .array(
        z.object({
          provider: z.enum(PROVIDERS),
          model: z.string(),
          validFrom: z.string(),
          validTo: z.string().optional(),
        }),
      )
      .parse(entries);
    const open = Map.groupBy(rows, ({ provider, model }) => `${provider}/${model}`);
    for (const [name, dated] of open) {
      for (const [index, row] of dated.slice(0, -1).entries())
        expect.soft(row.validTo, name).toBe(dated[index + 1]?.validFrom);
    }
  });
});
