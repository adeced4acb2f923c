import { describe, expect, test } from 'vitest';
import { checkCost, costOf, describeCost } from './check-cost.ts';
import { checkNames } from './check-names.ts';
import { checkSeries } from './check-series.ts';
import { checkTotals } from './check-totals.ts';
import { readingOf } from './reading.fixture.ts';
import { settleAllowed } from './settle-allowed.ts';

function namesOf(text: string): string[] {
  return [...readingOf(text).families.values()].flatMap(checkNames).map(({ message }) => message);
}

describe('checkNames', () => {
  test.for([
    ['x 1\n', 'x has no TYPE.'],
    [
      '# TYPE hits_by_route_total counter\nhits_by_route_total{route="/"} 1\n',
      'hits_by_route_total names its label "route", which every query by it says anyway.',
    ],
    [
      '# TYPE hits_total counter\nhits_total{instance="a"} 1\n',
      'hits_total has a label "instance", which Prometheus gives to every series itself.',
    ],
    [
      '# TYPE hits_total counter\nhits_total{userId="a"} 1\n',
      'hits_total has a label "userId" that is not in snake_case.',
    ],
    [
      '# TYPE errors_percent gauge\nerrors_percent 1\n',
      'errors_percent counts in percent, where Prometheus has a ratio.',
    ],
    [
      '# TYPE build_info gauge\nbuild_info{version="1"} 2\n',
      'build_info is 2, where an _info is always 1.',
    ],
    [
      '# TYPE build_info counter\nbuild_info{version="1"} 1\n',
      'build_info is a counter, where an _info is a gauge.',
    ],
  ] as const)('%j', ([text, message]) => {
    expect(namesOf(text)).toEqual([message]);
  });

  test('finds nothing in good names', () => {
    expect(
      namesOf(
        '# TYPE provider_requests_total counter\nprovider_requests_total{provider="x"} 1\n# TYPE build_info gauge\nbuild_info{version="1"} 1\n',
      ),
    ).toEqual([]);
  });
});

describe('checkSeries', () => {
  test.for([
    [
      'x{model="undefined"} 1\n',
      'The label "model" holds "undefined", which is no value: x{model="undefined"}.',
    ],
    [
      'x{model="[object Object]"} 1\n',
      'The label "model" holds "[object Object]", which is no value: x{model="[object Object]"}.',
    ],
    ['x{a="b",model=""} 1\n', 'The label "model" is empty: x{a="b",model=""} 1'],
    [
      'x{id="0b0cf7f6-3f0a-4a39-8b3e-1c8a5b8f2a11"} 1\n',
      'The label "id" holds a UUID: x{id="0b0cf7f6-3f0a-4a39-8b3e-1c8a5b8f2a11"}.',
    ],
    ['x{user="a@b.example"} 1\n', 'The label "user" holds a mail address: x{user="a@b.example"}.'],
    ['x{key="sk-tally-00000000000000000000"} 1\n', 'The label "key" holds a key: a series of x.'],
    ['x{a="1"} 1\nx{b="1"} 1\n', 'The series of x differ in their labels: x{a="1"} and x{b="1"}.'],
    ['x{a="1"} Nan\n', 'x{a="1"} is NaN: every sum and rate that includes it is NaN too.'],
  ] as const)('%j', ([text, message]) => {
    expect(checkSeries(readingOf(text)).map((finding) => finding.message)).toEqual([message]);
  });

  test('tells one series of each kind', () => {
    const text = 'x{a="None"} 1\nx{a="null"} 1\nx{a="null"} 1\n'.replace(
      'x{a="null"} 1\nx',
      'x{a="null",b="1"} 1\nx',
    );
    expect(checkSeries(readingOf(text)).map(({ check }) => check)).toEqual([
      'exposition/labels',
      'exposition/label-value',
      'exposition/label-value',
    ]);
  });

  test('takes bounded words, buckets, and the revision of a build', () => {
    const text = `x{source="none",model="gpt-5.4-nano",status="499"} 1\n# TYPE build_info gauge\nbuild_info{revision="0123456789abcdef0123456789abcdef01234567"} 1\n`;
    expect(checkSeries(readingOf(text))).toEqual([]);
  });
});

describe('checkTotals', () => {
  const text =
    'all{route="/a"} 3\nall{route="/b"} 0\nby_outcome{route="/a",outcome="ok"} 2\nby_outcome{route="/a",outcome="error"} 1\n';

  test('finds nothing where the outcomes add up', () => {
    expect(checkTotals(readingOf(text), { all: 'by_outcome' })).toEqual([]);
  });

  test.for([
    [
      text.replace('"error"} 1', '"error"} 0'),
      'all{route="/a"} adds up to 3, and by_outcome{route="/a"} to 2.',
    ],
    [
      text.replace('"/b"} 0', '"/b"} 4'),
      'all{route="/b"} adds up to 4, and by_outcome{route="/b"} to 0.',
    ],
    ['all{route="/a"} 3\n', 'There is no by_outcome to compare all and by_outcome.'],
  ] as const)('finds what does not add up %#', ([differing, message]) => {
    expect(checkTotals(readingOf(differing), { all: 'by_outcome' })).toEqual([
      { check: 'exposition/total', message },
    ]);
  });
});

describe('the cost of a reading', () => {
  const cost = costOf([
    { lastOfProcesses: [readingOf('x 1\ny 1\n')], durationsMs: [9, 1, 2], findings: [] },
    { lastOfProcesses: [readingOf('x 1\n')], durationsMs: [30, 2], findings: [] },
  ]);

  test('is that of the largest, and the time of the median', () => {
    expect(describeCost(cost)).toBe('2 series, 0 KB, 2 ms (median of 5 readings)');
    expect(checkCost(cost, { bytes: 8, series: 2, durationMs: 2 })).toEqual([]);
    expect(checkCost(cost, {})).toEqual([]);
  });

  test('exceeds each limit by name', () => {
    const found = checkCost(cost, { bytes: 7, series: 1, durationMs: 1 });
    expect(found.map(({ check }) => check)).toEqual([
      'exposition/bytes',
      'exposition/series',
      'exposition/durationMs',
    ]);
  });
});

describe('settleAllowed', () => {
  const found = [
    { check: 'exposition/promtool', metric: 'x_total', message: 'x_total is a gauge' },
  ];

  test('tells a finding once, and none that is allowed', () => {
    expect(settleAllowed([...found, ...found], {})).toMatchObject([
      { check: 'exposition/promtool' },
    ]);
    expect(settleAllowed(found, { x_total: 'a library names it so' })).toEqual([]);
  });

  test('finds a reason for nothing', () => {
    expect(settleAllowed([], { y_total: 'once' })).toMatchObject([
      { check: 'exposition/allowed', message: expect.stringContaining('y_total') },
    ]);
  });
});
