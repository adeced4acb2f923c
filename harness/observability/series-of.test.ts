import { describe, expect, test } from 'vitest';
import { parseExposition } from '#harness/metrics/parse-exposition.ts';
import { labelValuesOf } from './label-values.ts';
import { movedSeries, seriesOf } from './series-of.ts';

const histogram = (count: number, labels = 'route="/a"') => `# TYPE d_seconds histogram
d_seconds_bucket{${labels},le="1"} 0
d_seconds_bucket{${labels},le="+Inf"} ${count}
d_seconds_sum{${labels}} ${2 * count}
d_seconds_count{${labels}} ${count}
`;

describe('the series of a service', () => {
  test('are those of its own families, a histogram being one', () => {
    const text = `${histogram(1)}x_total{b="2",a="1"} 0\nprocess_open_fds 7\n`;
    expect([...seriesOf(parseExposition(text)).keys()]).toEqual([
      'd_seconds{route="/a"}',
      'x_total{a="1",b="2"}',
    ]);
  });

  test('moved when their value changed, or when they appeared with one', () => {
    const before = parseExposition(`${histogram(1)}x 1\ny 2\n`);
    const after = parseExposition(`${histogram(2)}x 1\ny 1\nnew 0\nborn 1\n`);
    expect([...movedSeries({ before, after })]).toEqual(['d_seconds{route="/a"}', 'y', 'born']);
  });
});

describe('the values of labels', () => {
  const { families } = parseExposition(`a_total{provider="x",outcome="ok",model="m"} 0
a_total{provider="x",outcome="cut",model="m"} 0
a_total{provider="y",outcome="ok",model="n"} 0
b_total{provider="x"} 0
c_total{limit="rate"} 0
c_total{limit="streams"} 0
d 0
`);
  const series = [...seriesOf({ families }).values()];

  test('are counted for each family alone, and per provider where it has them', () => {
    const values = labelValuesOf(series, { open: ['model'], per: ['provider'] });
    expect([...values.keys()]).toEqual([
      'a_total{outcome="ok",provider="x"}',
      'a_total{outcome="cut",provider="x"}',
      'a_total{outcome="ok",provider="y"}',
      'b_total{provider="x"}',
      'c_total{limit="rate"}',
      'c_total{limit="streams"}',
    ]);
  });

  test('hold all series that have them', () => {
    const values = labelValuesOf(series, { open: [], per: [] });
    expect(values.get('a_total{outcome="ok"}')?.map(({ key }) => key)).toEqual([
      'a_total{model="m",outcome="ok",provider="x"}',
      'a_total{model="n",outcome="ok",provider="y"}',
    ]);
  });
});
