import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { didYouMean, nearestName } from './nearest-name.ts';

describe('nearestName', () => {
  test.for([
    ['http_request_total', 'http_requests_total'],
    ['http_reqeusts_total', 'http_requests_total'],
    ['HTTP_Requests_Total', 'http_requests_total'],
    ['verfy', 'verify'],
    ['uo', 'up'],
  ] as const)('takes %s for %s', ([typed, meant]) => {
    expect(nearestName(typed, ['verify', 'up', 'doctor', 'http_requests_total'])).toBe(meant);
  });

  test('offers nothing when no candidate is near', () => {
    expect(nearestName('serve', ['doctor', 'up'])).toBeUndefined();
    expect(nearestName('x', [])).toBeUndefined();
    expect(nearestName('x', ['y', ''])).toBeUndefined();
  });

  test('prefers the nearer candidate, and of equally near ones the first', () => {
    expect(nearestName('model', ['modes', 'models'])).toBe('modes');
    expect(nearestName('models', ['modes', 'models'])).toBe('models');
  });

  test('finds any name again after one swap of neighbours', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z_]{3,30}$/), fc.nat(), (name, position) => {
        const i = position % (name.length - 1);
        const swapped = `${name.slice(0, i)}${name[i + 1]}${name[i]}${name.slice(i + 2)}`;
        expect(nearestName(swapped, [name])).toBe(name);
      }),
    );
  });

  test('stays fast on names of any length', () => {
    const isFound = nearestName('a'.repeat(100_000), ['b'.repeat(100_000)]) !== undefined;
    expect(isFound).toBe(false);
  });
});

describe('didYouMean', () => {
  test('is a sentence to append, or nothing', () => {
    expect(didYouMean('verfy', ['verify'])).toBe(' Did you mean "verify"?');
    expect(didYouMean('zzz', ['verify'])).toBe('');
  });
});
