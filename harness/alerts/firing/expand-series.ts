const NUMBER = String.raw`-?(?:\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|[iI]nf|[nN]a[nN])`;
const ITEM = new RegExp(`^(${NUMBER})(?:([+-])(${NUMBER}))?(?:x(\\d+))?$`);

/**
 * The samples that promtool's notation stands for, one for each interval; undefined where there is
 * none. E.g. "1 2+3x2 _" is 1, 2, 5, 8, none. NaN for what is no such notation.
 */
export function expandSeries(values: string): (number | undefined)[] {
  return values.trim().split(/\s+/).flatMap(expandItem);
}

function expandItem(item: string): (number | undefined)[] {
  if (item === 'stale') return [undefined];
  const [, gap, gaps = '1'] = /^(_)(?:x(\d+))?$/.exec(item) ?? [];
  if (gap !== undefined) return Array.from({ length: Number(gaps) }, () => undefined);
  const [, start = '', sign, step = '0', more = '0'] = ITEM.exec(item) ?? [];
  const stepBy = sign === '-' ? -toNumber(step) : toNumber(step);
  return Array.from({ length: Number(more) + 1 }, (_, index) => toNumber(start) + index * stepBy);
}

function toNumber(text: string): number {
  return text === '' ? Number.NaN : Number(text.replace(/inf$/i, 'Infinity'));
}
