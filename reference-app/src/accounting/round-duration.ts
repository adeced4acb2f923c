const STEPS_PER_SECOND = 2 ** 20;

/**
 * Rounds seconds to a multiple of 2^-20 (about a microsecond). Sums of such numbers are exact in
 * floating point, in any order and with any summation algorithm, up to 2^33 seconds. So the
 * histogram's sum here, the database's and every Prometheus version's agree to the last bit.
 */
export function roundDurationSeconds(seconds: number): number {
  // A clock that went backwards would make a histogram's sum fall, which reads as a restart.
  return Math.max(0, Math.round(seconds * STEPS_PER_SECOND) / STEPS_PER_SECOND);
}
