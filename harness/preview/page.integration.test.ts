import { describe, expect, test } from 'vitest';
import { NO_BROWSER, openInBrowser } from './browser.fixture.ts';
import { measurePage } from './page/measure-page.fixture.js';
import { previewFixture } from './preview.fixture.ts';
import { renderPage } from './render-page.ts';

const tags = ['integration'];
const html = await renderPage(previewFixture());

describe('the page in a browser', () => {
  test.for([
    [1_400, 'dark'],
    [700, 'light'],
  ] as const)(
    'at %d pixels, %s: whole, and without a complaint',
    { tags },
    async ([width, colorScheme], { skip }) => {
      await using opened = (await openInBrowser(html, { width, colorScheme })) ?? skip(NO_BROWSER);
      const { page, problems } = opened;
      expect(await page.locator('.panel').count()).toBe(6);
      const { plotHeights, ...seen } = await page.evaluate(measurePage);
      // All that can be scrolled can be reached by the keyboard.
      expect(seen).toEqual({ width, overflowing: [], unreachable: [] });
      expect(plotHeights).toEqual([expect.toSatisfy((height: number) => height > 100)]);
      expect(await page.locator('#look-5').innerText()).toMatch(/No data\s+a run is no day\s+gone/);
      expect(await page.locator('#other').innerText()).toContain('offers no value');
      expect(problems).toEqual([]);
    },
  );

  test('lines are hidden and shown by the keyboard, and say their last values', { tags }, async ({
    skip,
  }) => {
    await using opened = (await openInBrowser(html, { width: 1_400 })) ?? skip(NO_BROWSER);
    const button = opened.page.locator('#look-1 .legend button').nth(1);
    expect(await button.innerText()).toBe('series 0 30 s');
    await button.press('Enter');
    expect(await button.getAttribute('aria-pressed')).toBe('false');
    await button.press('Enter');
    expect(await button.getAttribute('aria-pressed')).toBe('true');
  });
});
