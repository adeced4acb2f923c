/**
 * `after - before` on the shortest decimal texts of both, so that 0.3 - 0.1 is 0.2 and integers are
 * exact. NaN when one of them is not finite.
 */
export function subtractDecimal(after: number, before: number): number {
  if (Number.isSafeInteger(after) && Number.isSafeInteger(before)) return after - before;
  if (!Number.isFinite(after) || !Number.isFinite(before)) return Number.NaN;
  const one = toDecimal(after);
  const other = toDecimal(before);
  const exponent = Math.min(one.exponent, other.exponent);
  return Number(`${scaled(one, exponent) - scaled(other, exponent)}e${exponent}`);
}

interface Decimal {
  digits: bigint;
  exponent: number;
}

function toDecimal(value: number): Decimal {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

function scaled({ digits, exponent }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(exponent - to);
}
