import { describe, expect, test } from 'vitest';
import { compareVersions, isSupported, PINNED_VERSION } from './prometheus-version.ts';

describe('Prometheus version', () => {
  test('orders by number, not by text, and puts what is no version first', () => {
    const versions = ['10.0.0', '3.5.3', '.tmp', '3.13.0', '2.42.0'];
    expect(versions.sort(compareVersions)).toEqual(['.tmp', '2.42.0', '3.5.3', '3.13.0', '10.0.0']);
  });

  test('must be recent enough', () => {
    expect(isSupported('2.39.9')).toBe(false);
    expect(isSupported('2.40.0')).toBe(true);
    expect(isSupported(PINNED_VERSION)).toBe(true);
  });
});
