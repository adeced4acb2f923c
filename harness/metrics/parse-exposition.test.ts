import fc from 'fast-check';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { ExpositionError } from './exposition-error.ts';
import { parseExposition } from './parse-exposition.ts';

const OPEN_METRICS = { contentType: 'application/openmetrics-text; version=1.0.0' };

function samplesOf(text: string) {
  const families = [...parseExposition(text).families.values()];
  return families.flatMap(({ samples }) => samples.map(({ key, value }) => [key, value]));
}

describe('parseExposition: a text that Prometheus takes', () => {
  test('gives families with type, help and samples', () => {
    const { families } = parseExposition(
      '# HELP x_total Sent,\\n\\\\ or not.\n# TYPE x_total counter\nx_total{b="2",a="1"} 7\n',
    );
    expect([...families.values()]).toEqual([
      {
        name: 'x_total',
        type: 'counter',
        help: 'Sent,\n\\ or not.',
        samples: [
          {
            name: 'x_total',
            labels: { a: '1', b: '2' },
            key: 'x_total{a="1",b="2"}',
            value: 7,
            text: '7',
          },
        ],
      },
    ]);
  });

  test.for([
    ['escapes in label values', 'x{a="\\\\\\"\\n{},"} 1\n', 'x{a="\\\\\\"\\n{},"}', 1],
    ['blanks and a trailing comma', 'x { a = "1" , b="2", }\t3 \n', 'x{a="1",b="2"}', 3],
    ['an empty label list', 'x{} 1\n', 'x', 1],
    ['an empty label value, which is no label', 'x{a="",b="1"} 1\n', 'x{b="1"}', 1],
    ['a timestamp', 'x 1 1700000000000\n', 'x', 1],
    ['a name with colons', 'a:b:c 1\n', 'a:b:c', 1],
    [
      'a label named like a property of every object',
      'x{__proto__="1"} 1\n',
      'x{__proto__="1"}',
      1,
    ],
    ['an exponent', 'x 1.5e-7\n', 'x', 1.5e-7],
    ['NaN as prom-client prints it', 'x Nan\n', 'x', Number.NaN],
    ['+Inf', 'x +Inf\n', 'x', Number.POSITIVE_INFINITY],
    ['-Inf', 'x -Inf\n', 'x', Number.NEGATIVE_INFINITY],
    ['comments and empty lines', '# a comment\n#\n\n   \n# HELP x\nx 1\n', 'x', 1],
  ] as const)('may have %s', ([, text, key, value]) => {
    expect(samplesOf(text)).toEqual([[key, value]]);
  });

  test('may be empty', () => {
    expect(parseExposition('').families.size).toBe(0);
  });

  test('puts _bucket, _sum and _count into their histogram', () => {
    const { families } = parseExposition(
      '# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 2\nh_sum 4\nh_count 2\ng 1\n',
    );
    expect(families.get('h')?.samples).toHaveLength(4);
    expect(families.get('g')?.type).toBe('untyped');
  });

  test('may be OpenMetrics with exemplars, when its content type says so', () => {
    const text =
      '# TYPE x counter\n# UNIT x seconds\nx_total{a="1"} 2 # {trace="q"} 1.5 1.7e9\n# EOF\n';
    expect(parseExposition(text, OPEN_METRICS).families.get('x')?.samples[0]?.value).toBe(2);
  });
});

describe('parseExposition: a text that is a finding', () => {
  test.for([
    ['CR LF', 'x 1\r\n', 1, 'CR LF'],
    ['a last line without line feed', 'x 1\ny 12', 2, 'may be cut off'],
    ['no value', 'x\n', 1, 'expected one value'],
    ['two values and a half', 'x 1 2 3\n', 1, 'expected one value'],
    ['an exemplar outside OpenMetrics', 'x_total 1 # {a="1"} 1\n', 1, 'expected one value'],
    ['a hexadecimal value', 'x 0x1p2\n', 1, '"0x1p2" is no value'],
    ['a value out of range', 'x 1e999\n', 1, '"1e999" is no value'],
    ['a signed NaN', 'x -NaN\n', 1, '"-NaN" is no value'],
    ['an unclosed label list', 'y 1\nx{a="1" 1\n', 2, 'expected "," or "}" at column 9'],
    ['an unclosed label value', 'x{a="1} 1\n', 1, 'expected label="value" or "}" at column 3'],
    ['an unknown escape', 'x{a="\\q"} 1\n', 1, 'unknown escape \\q'],
    ['a label given twice', 'x{a="1",a="2"} 1\n', 1, 'label "a" is given twice'],
    ['the name as a label', 'x{__name__="y"} 1\n', 1, '"__name__" is given twice'],
    ['leading blanks', '  x 1\n', 1, 'a metric name must come first'],
    ['a series given twice', 'x{a="1",b="2"} 1\nx{b="2",a="1"} 1\n', 2, 'is given twice'],
    ['a series given twice by an empty label', 'x 1\nx{a=""} 1\n', 2, 'x is given twice'],
    ['a second TYPE', '# TYPE x counter\n# TYPE x gauge\n', 2, 'a second TYPE line for "x"'],
    ['a second HELP', '# HELP x a\n# HELP x b\n', 2, 'a second HELP line for "x"'],
    ['TYPE behind samples', 'x 1\n# TYPE x counter\n', 2, 'TYPE of "x" comes after its samples'],
    ['an unknown type', '# TYPE x countr\n', 1, 'unknown metric type "countr"'],
    ['a type of OpenMetrics only', '# TYPE x unknown\n', 1, 'unknown metric type "unknown"'],
    ['a type without a name', '# TYPE\n', 1, 'TYPE names no metric'],
    ['scattered lines', 'x{a="1"} 1\ny 1\nx{a="2"} 1\n', 3, 'lines of "x" are not in one group'],
    ['scattered comments', '# HELP x a\ny 1\n# TYPE x gauge\n', 3, '"x" are not in one group'],
    [
      'scattered lines of a histogram',
      '# TYPE h histogram\nh_sum 1\ny 1\nh_count 1\n',
      4,
      'lines of "h" are not in one group',
    ],
    ['a bucket without le', '# TYPE h histogram\nh_bucket 1\n', 2, 'needs the label "le"'],
    ['a bare histogram', '# TYPE h histogram\nh 1\n', 2, 'a sample of its bare name'],
    ['a bare summary', '# TYPE s summary\ns 1\n', 2, 'needs the label "quantile"'],
  ] as const)('has %s', ([, text, lineNumber, message]) => {
    const error = caught(() => parseExposition(text));
    expect(error).toBeInstanceOf(ExpositionError);
    expect(error).toMatchObject({ lineNumber, message: expect.stringContaining(message) });
  });

  test('is OpenMetrics that was cut off, or goes on behind its end', () => {
    expect(() => parseExposition('x 1\n', OPEN_METRICS)).toThrow('does not end with "# EOF"');
    expect(() => parseExposition('# EOF\nx 1\n', OPEN_METRICS)).toThrow('text behind "# EOF"');
  });

  test('is served as something else', () => {
    expect(() => parseExposition('', { contentType: 'text/html; charset=utf-8' })).toThrow(
      'content type "text/html; charset=utf-8" is no exposition',
    );
  });

  test('shows the line, shortened, and is a finding', () => {
    const error = caught(() => parseExposition(`x{a="${'v'.repeat(300)}\n`));
    expect(error).toMatchObject({
      finding: { check: 'metrics/exposition', message: expect.stringMatching(/^line 1: .*…$/s) },
    });
  });
});

describe('parseExposition: prom-client', () => {
  test('is read back value by value, whatever the label values hold', async () => {
    const labelValue = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
    const value = fc.double({ noNaN: false });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(labelValue), value, async (labelValues, gaugeValue) => {
        const registry = new Registry();
        const gauge = new Gauge({
          name: 'g',
          help: 'h\n\\',
          labelNames: ['l'],
          registers: [registry],
        });
        for (const l of labelValues) gauge.set({ l }, gaugeValue);
        const { families } = parseExposition(await registry.metrics());
        const read = families.get('g')?.samples ?? [];
        expect(read.map(({ labels }) => labels['l'])).toEqual(labelValues);
        for (const sample of read) expect(sample.value).toBe(gaugeValue === 0 ? 0 : gaugeValue);
        expect(families.get('g')?.help).toBe('h\n\\');
      }),
    );
  });

  test('keeps types of counters, histograms and their buckets', async () => {
    const registry = new Registry();
    new Counter({ name: 'c_total', help: 'c', registers: [registry] }).inc(2);
    new Histogram({ name: 'h', help: 'h', buckets: [1, 2], registers: [registry] }).observe(1.5);
    const { families } = parseExposition(await registry.metrics());
    expect([...families.values()].map(({ name, type }) => [name, type])).toEqual([
      ['c_total', 'counter'],
      ['h', 'histogram'],
    ]);
    expect(families.get('h')?.samples.map(({ key, text }) => `${key} ${text}`)).toEqual([
      'h_bucket{le="1"} 0',
      'h_bucket{le="2"} 1',
      'h_bucket{le="+Inf"} 1',
      'h_sum 1.5',
      'h_count 1',
    ]);
  });
});

describe('parseExposition: a series that it has read before', () => {
  test('is read the same again, with its new value, timestamp or labels', () => {
    expect(samplesOf('again{a="1"} 1\nagain{a="2 3"} 2\n')).toEqual([
      ['again{a="1"}', 1],
      ['again{a="2 3"}', 2],
    ]);
    expect(samplesOf('again{a="1"} 5\nagain{a="2 3"} 6 1700000000000\nagain{a="2 "} 7\n')).toEqual([
      ['again{a="1"}', 5],
      ['again{a="2 3"}', 6],
      ['again{a="2 "}', 7],
    ]);
  });

  test('is still refused without a value, with a wrong one, and when given twice', () => {
    samplesOf('seen 1\n');
    for (const text of [
      'seen\n',
      'seen \n',
      'seen x\n',
      'seen7\n',
      'seen 1\nseen 2\n',
      'seen 1 2 3\n',
    ]) {
      expect(
        caught(() => parseExposition(text)),
        text,
      ).toBeInstanceOf(ExpositionError);
    }
  });
});

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
