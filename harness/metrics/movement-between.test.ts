import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { leftOutBy } from './left-out.ts';
import { movementBetween } from './movement-between.ts';
import { parseExposition } from './parse-exposition.ts';

function movement(before: string, after: string, leaveOut: readonly string[] = []) {
  return movementBetween(parseExposition(before), parseExposition(after), {
    isLeftOut: leftOutBy(leaveOut),
  }).changes;
}

function changes(before: string, after: string, leaveOut: readonly string[] = []) {
  return movement(before, after, leaveOut).map(({ key, change }) => [key, change]);
}

describe('movementBetween', () => {
  test.for([
    [
      'the change of each series that moved',
      'x{a="1"} 1\ny 2\n',
      'x{a="1"} 4\ny 2\n',
      [['x{a="1"}', 3]],
    ],
    ['a series that appears, as moved from 0', '', 'x 3\n', [['x', 3]]],
    ['nothing of a series that appears at 0', '', 'x 0\n', []],
    ['a series that vanished', 'x 3\n', '', [['x', -3]]],
    ['a gauge that went down', 'x 0.3\n', 'x 0.1\n', [['x', -0.2]]],
    ['decimals without rounding noise', 'x 0.1\n', 'x 0.3\n', [['x', 0.2]]],
    ['far apart floats', 'x 1e-7\n', 'x 1.5\n', [['x', 1.4999999]]],
    ['nothing of what stays NaN', 'x NaN\n', 'x Nan\n', []],
  ] as const)('gives %s', ([, before, after, expected]) => {
    expect(changes(before, after)).toEqual(expected);
  });

  test('leaves out the runtime, quantiles, and what the caller names', () => {
    const after = `process_cpu_seconds_total 1
nodejs_heap_bytes 2
# TYPE s summary
s{quantile="0.5"} 3
rate 4
x_created 5
# TYPE h counter
h{route="/metrics",a="1"} 6
h{route="/chat",a="1"} 7
`;
    expect(changes('', after, ['rate', '*_created', 'h{route="/metrics"}'])).toEqual([
      ['h{a="1",route="/chat"}', 7],
    ]);
  });

  test('refuses a pattern that names nothing', () => {
    expect(() => leftOutBy(['x{a="1"'])).toThrow(
      /"x\{a=\\"1\\"" is no series: .*H_METRICS_SERIES/s,
    );
    expect(() => leftOutBy(['x{a="1"}y'])).toThrow('H_METRICS_SERIES');
  });

  test('is exact for any two integers below 2^53', () => {
    const integer = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(integer, integer, (a, b) => {
        const expected = a === b ? [] : [['x', b - a]];
        expect(changes(`x ${a}\n`, `x ${b}\n`)).toEqual(expected);
      }),
    );
  });

  test('undoes any decimal addition', () => {
    const cents = fc.integer({ min: -1e6, max: 1e6 }).filter((n) => n !== 0);
    fc.assert(
      fc.property(cents, cents, (a, b) => {
        const [found] = changes(`x ${a / 100}\n`, `x ${(a + b) / 100}\n`);
        expect(found).toEqual(['x', b / 100]);
      }),
    );
  });
});

describe('movementBetween: faults', () => {
  const typed = '# TYPE c counter\n';
  test.for([
    [
      'a counter that went down',
      `${typed}c 5\n`,
      `${typed}c 2\n`,
      'a counter went down from 5 to 2',
    ],
    ['a counter that vanished', `${typed}c 5\n`, typed, 'a counter vanished; it was 5'],
    ['a value that became NaN', 'x 1\n', 'x Nan\n', 'went from 1 to NaN'],
    ['a value that became infinite', 'x 1\n', 'x +Inf\n', 'went from 1 to Infinity'],
    ['a count beyond 2^53', 'x 1\n', 'x 9007199254740992\n', '9007199254740992 is beyond 2^53'],
  ] as const)('names %s', ([, before, after, fault]) => {
    expect(movement(before, after)).toEqual([
      expect.objectContaining({ fault: expect.stringContaining(fault) }),
    ]);
  });
});

describe('movementBetween: histograms', () => {
  function histogram(name: string, lines: string) {
    return `# TYPE ${name} histogram\n${lines.replaceAll(/^/gm, name)}\n`;
  }

  async function observed(name: string, buckets: number[], values: number[]) {
    const registry = new Registry();
    const metric = new Histogram({ name, help: 'h', buckets, registers: [registry] });
    const before = await registry.metrics();
    for (const value of values) metric.observe(value);
    return movement(before, await registry.metrics());
  }

  test('measuring time are explained by their count', async () => {
    const found = await observed('t_seconds', [0.1, 1], [0.05, 0.5, 5]);
    expect(found.filter(({ impliedBy }) => impliedBy === undefined)).toEqual([
      expect.objectContaining({ key: 't_seconds_count', change: 3 }),
    ]);
    expect(found).toHaveLength(5);
    expect(found.some(({ fault }) => fault !== undefined)).toBe(false);
  });

  test('measuring anything else leave their sum to be stated', async () => {
    const found = await observed('tokens', [10, 100], [7, 70]);
    const stated = found.filter(({ impliedBy }) => impliedBy === undefined);
    expect(stated.map(({ key, change }) => [key, change])).toEqual([
      ['tokens_sum', 77],
      ['tokens_count', 2],
    ]);
  });

  test('with buckets in the wrong order are a fault', async () => {
    const found = await observed('t_seconds', [1, 0.5], [0.7, 0.2]);
    expect(found.find(({ key }) => key === 't_seconds_count')?.fault).toContain(
      'not in ascending order: le="1" before le="0.5"',
    );
  });

  test('given a negative time are a fault', async () => {
    const found = await observed('t_seconds', [1], [-5]);
    expect(found.find(({ key }) => key === 't_seconds_count')?.fault).toContain('negative time');
  });

  const sound = '_bucket{le="1"} 1\n_bucket{le="+Inf"} 2\n_sum 3\n_count 2';
  test.for([
    ['a count beside its buckets', '_count 2', '_count 3', 'but the count holds 3 (moved by 1)'],
    [
      'a sum that moves alone',
      '_sum 3',
      '_sum 4',
      'h_seconds_sum moved by 1 without an observation',
    ],
    ['a bucket above the next', '_bucket{le="1"} 1', '_bucket{le="1"} 5', 'not cumulative'],
  ] as const)('with %s are a fault', ([, from, to, fault]) => {
    const found = movement(
      histogram('h_seconds', sound),
      histogram('h_seconds', sound.replace(from, to)),
    );
    const faults = found.flatMap((change) => change.fault ?? []);
    expect(faults).toEqual([expect.stringContaining(fault)]);
  });

  test('without a bucket for +Inf are a fault', () => {
    const found = movement('', histogram('h_seconds', '_bucket{le="1"} 1\n_sum 1\n_count 1'));
    expect(found.at(-1)?.fault).toBe('there is no bucket le="+Inf"');
  });

  test.for([
    ['a bucket that gained more than the next', [0, 5, 5], [2, 6, 6], 'not cumulative'],
    ['buckets that gained more than the count', [1, 1, 2], [1, 3, 3], 'the count holds 3'],
  ] as const)('with %s are a fault', ([, before, after, fault]) => {
    const [from, to] = [before, after].map(([one, all, count]) =>
      histogram('h', `_bucket{le="1"} ${one}\n_bucket{le="+Inf"} ${all}\n_sum 1\n_count ${count}`),
    );
    const faults = movement(from ?? '', to ?? '').flatMap((change) => change.fault ?? []);
    expect(faults).toEqual([expect.stringContaining(fault)]);
  });

  test('of anything but time may have a sum that goes down', async () => {
    const found = await observed('degrees', [0, 10], [-5]);
    expect(found.flatMap(({ fault }) => fault ?? [])).toEqual([]);
    expect(found.find(({ key }) => key === 'degrees_sum')).toMatchObject({ change: -5 });
  });

  test('that start anew report one fault, at the count', () => {
    const found = movement(
      histogram('h_seconds', sound),
      histogram('h_seconds', '_bucket{le="1"} 0\n_bucket{le="+Inf"} 0\n_sum 0\n_count 0'),
    );
    expect(found.filter(({ impliedBy }) => impliedBy === undefined)).toEqual([
      expect.objectContaining({ fault: 'a histogram went down from 2 to 0' }),
    ]);
  });
});
