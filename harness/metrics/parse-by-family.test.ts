import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseByFamily } from './parse-by-family.ts';
import { parseExposition, parseTextLines } from './parse-exposition.ts';

const COUNTER = '# HELP a_total A.\n# TYPE a_total counter\na_total{x="1"} 1\n';
const HISTOGRAM = '# HELP h H.\n# TYPE h histogram\nh_bucket{le="+Inf"} 2\nh_sum 3\nh_count 2\n';

/** Lines that belong together, and lines that do not. */
const LINES = [
  ...['# HELP a A.', '# TYPE a counter', 'a 1', 'a{x="1"} 2', 'a 1 7'],
  ...['# HELP h H.', '# TYPE h histogram', 'h_bucket{le="+Inf"} 1', 'h_sum 1', 'h_count 1'],
  ...['# HELP h_sum S.', '# TYPE h_sum gauge', '# HELP b', 'b 1', '# a comment', '', '# EOF'],
  ...[' # HELP c C.', 'c{', 'h_count 1\r'],
];

describe('parseByFamily', () => {
  test('gives what the whole text says, or leaves it to whoever reads the whole', () => {
    const texts = fc.array(fc.constantFrom(...LINES), { maxLength: 12 });
    fc.assert(
      fc.property(texts, (lines) => {
        const text = lines.map((line) => `${line}\n`).join('');
        const families = parseByFamily(text, parseTextLines);
        if (families !== undefined) expect([...families]).toEqual([...parseTextLines(text)]);
      }),
      { numRuns: 5_000 },
    );
  });

  test('gives the same object for what stands as before, and another one for what does not', () => {
    const [before, after] = [COUNTER + HISTOGRAM, COUNTER.replace(' 1\n', ' 2\n') + HISTOGRAM].map(
      (text) => parseExposition(text).families,
    );
    expect(after?.get('h')).toBe(before?.get('h'));
    expect(after?.get('a_total')).not.toBe(before?.get('a_total'));
    expect(after?.get('a_total')?.samples).toMatchObject([{ value: 2 }]);
  });

  test('knows a text again after another one, as of a second service', () => {
    const other = COUNTER.replace(' 1\n', ' 5\n');
    const [first, , again] = [COUNTER, other, COUNTER].map(
      (text) => parseExposition(text).families,
    );
    expect(again?.get('a_total')).toBe(first?.get('a_total'));
  });

  test('sees a series that two families give, although each is known and sound', () => {
    const sum = '# HELP h_sum S.\n# TYPE h_sum gauge\nh_sum 3\n';
    parseExposition(sum);
    parseExposition(HISTOGRAM);
    expect(() => parseExposition(HISTOGRAM + sum)).toThrow('the series h_sum is given twice');
  });

  test('sees a family that comes twice, although it is known', () => {
    expect(() => parseExposition(COUNTER + HISTOGRAM + COUNTER)).toThrow(
      'line 9: the lines of "a_total" are not in one group',
    );
  });
});
