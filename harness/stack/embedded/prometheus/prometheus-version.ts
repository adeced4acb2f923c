/** The release that Tally fetches: a version with long-term support. */
export const PINNED_VERSION = '3.13.0';

/** The oldest that has all flags and functions which Tally uses. */
export const OLDEST_VERSION = '2.40.0';

/** Orders "2.42.0" before "3.5.0" and before "10.0.0"; anything else comes first. */
export function compareVersions(a: string, b: string): number {
  const left = parseVersion(a);
  const right = parseVersion(b);
  for (const index of [0, 1, 2] as const) {
    if (left[index] !== right[index]) return left[index] - right[index];
  }
  return 0;
}

/** Whether Tally can work with this version. */
export function isSupported(version: string): boolean {
  return compareVersions(version, OLDEST_VERSION) >= 0;
}

function parseVersion(version: string): readonly [number, number, number] {
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  return [Number(major ?? -1), Number(minor ?? -1), Number(patch ?? -1)];
}
