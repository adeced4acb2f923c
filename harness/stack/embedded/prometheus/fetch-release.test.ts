import { describe, expect, test } from 'vitest';
import { parseChecksum, releaseName } from './fetch-release.ts';

const SUM_A = 'a'.repeat(64);
const SUM_B = 'B'.repeat(64);

describe('release of Prometheus', () => {
  test.for([
    ['linux', 'x64', 'prometheus-3.13.0.linux-amd64'],
    ['linux', 'arm64', 'prometheus-3.13.0.linux-arm64'],
    ['darwin', 'arm64', 'prometheus-3.13.0.darwin-arm64'],
  ] as const)('for %s on %s is called %s', ([platform, arch, name]) => {
    expect(releaseName(platform, arch)).toBe(name);
  });

  test('has its checksum in the published list', () => {
    const list = `${SUM_A}  one.tar.gz\n${SUM_B} *two.tar.gz\r\n`;
    expect(parseChecksum(list, 'one.tar.gz')).toBe(SUM_A);
    expect(parseChecksum(list, 'two.tar.gz')).toBe(SUM_B.toLowerCase());
  });

  test.for(['', '<html>', `${SUM_A}  one.tar.gz.sig`, 'abc  one.tar.gz'])(
    'has no checksum in "%s"',
    (list) => {
      expect(parseChecksum(list, 'one.tar.gz')).toBeUndefined();
    },
  );
});
