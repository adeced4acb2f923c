import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Catalogue, loadCatalogue } from './catalogue.ts';

const PRICES = { input: '10', cached_input: '1', cache_write: '12', output: '50', reasoning: '50' };

async function writeTable(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'catalogue-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'prices.json');
  await writeFile(path, content);
  return path;
}

async function load(...entries: readonly object[]): Promise<Catalogue> {
  const full = entries.map((entry) => ({
    provider: 'openai',
    validFrom: '2026-01-01',
    prices: PRICES,
    ...entry,
  }));
  return loadCatalogue(await writeTable(JSON.stringify({ schemaVersion: 1, entries: full })));
}

describe('catalogue', () => {
  test('lists each model once, by name, however often its price changed', async () => {
    const catalogue = await load(
      { model: 'beta', validTo: '2026-06-01' },
      { model: 'beta', validFrom: '2026-06-01' },
      { model: 'alpha' },
    );
    expect(catalogue.models.map(({ name }) => name)).toEqual(['alpha', 'beta']);
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
    expect(catalogue.pricesOf('m', new Date(`${day}T12:00:00Z`))?.input).toBe(price);
  });

  test('prices a dated snapshot as its family, unless the table lists it', async () => {
    const catalogue = await load(
      { model: 'm' },
      { model: 'm-2026-05-13', prices: { ...PRICES, input: '99' } },
    );
    const at = new Date('2026-07-01');
    expect(catalogue.pricesOf('m-2026-02-02', at)?.input).toBe(10n);
    expect(catalogue.pricesOf('m-2026-05-13', at)?.input).toBe(99n);
    expect(catalogue.resolve('m-2026-02-02')?.name).toBe('m');
  });

  test('does not know a model that it does not list', async () => {
    const catalogue = await load({ model: 'm' });
    expect(catalogue.resolve('mm')).toBeUndefined();
    expect(catalogue.pricesOf('mm', new Date('2026-07-01'))).toBeUndefined();
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
    ['a day that is none', { model: 'm', validFrom: 'May' }, /entries\.0\.validFrom/],
  ] as const)('refuses %s', async ([, entry, message]) => {
    await expect(load(entry)).rejects.toThrow(message);
  });

  test('names the file that is not JSON', async () => {
    await expect(loadCatalogue(await writeTable('{'))).rejects.toThrow(
      /PRICES_FILE .*prices\.json/,
    );
  });
});
