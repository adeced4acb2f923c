import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMask, maskKey } from './mask-key.ts';

describe('mask', () => {
  test('shows the last four characters', () => {
    expect(maskKey('sk-tally-0123456789abcdef')).toBe('****cdef');
  });

  test('shows nothing of a short key', () => {
    expect(maskKey('0123456789abcde')).toBe('****');
  });

  test('of any key holds at most four of its characters, and is known as a mask', () => {
    const keys = fc.string({ minLength: 1, maxLength: 200, unit: fc.constantFrom(...'abc123-_') });
    fc.assert(
      fc.property(keys, (key) => {
        const mask = maskKey(key);
        expect(mask.replaceAll('*', '').length).toBeLessThanOrEqual(4);
        expect(isMask(mask)).toBe(true);
        expect(isMask(key)).toBe(false);
      }),
    );
  });

  test.for(['****', 'sk-…abcd', 'sk-...abcd', '••••abcd', 'sk-***'])('%s is a mask', (text) => {
    expect(isMask(text)).toBe(true);
  });
});
