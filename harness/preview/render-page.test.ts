import { expect, test } from 'vitest';
import { previewFixture } from './preview.fixture.ts';
import { renderPage } from './render-page.ts';

const html = await renderPage(previewFixture());

test('says that it is a preview, of what, and of which time', () => {
  expect(html).toContain('Preview, not Grafana');
  expect(html).toMatch(/the service, 2026-09-21 .* UTC: a point each 1 s, rates over 4 s\./);
});

test('needs nothing but itself', () => {
  expect(html.match(/(?:src|href)="(?!#|data:)[^"]*"/g)).toEqual(null);
  expect(html).not.toMatch(/^(?:import|export) /m);
});

test('a label is text wherever it stands', () => {
  expect(html).not.toContain('<img');
  expect(html.match(/<\/script>/g)).toHaveLength(3);
});

test('draws each type of panel, and says of which it cannot', () => {
  expect(html).toContain('style="color:var(--green)">DONE</span>');
  expect(html).toMatch(/<dt>series 0<\/dt><dd>.*width:50\.0%;background:var\(--red\).*30 s/);
  expect(html).toContain('<th scope="col">gate</th><th scope="col">checks</th>');
  expect(html).toContain('<tr><th scope="row">series 0</th><td>30 s</td><td></td></tr>');
  expect(html).toContain('draws no panels of the type heatmap');
});

test('says of a query why it shows nothing, beside one that shows something', () => {
  expect(html).toContain('B has no data: nothing of B');
});
