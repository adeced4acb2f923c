import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { createCounter, createGauge, createHistogram } from './instruments.ts';

const LABELS = { model: 'm' };

describe('instruments', () => {
  test.for([Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY, 2 ** 53])(
    'a counter refuses %d and keeps its value',
    async (amount) => {
      const registry = new Registry();
      const counter = createCounter(registry, {
        name: 'c_total',
        help: 'C.',
        labelNames: ['model'],
      });
      counter.add(LABELS, 3);
      expect(() => counter.add(LABELS, amount)).toThrow(/c_total was given/);
      expect(await registry.metrics()).toContain('c_total{model="m"} 3\n');
    },
  );

  test('a counter exists from its first 0 on', async () => {
    const registry = new Registry();
    createCounter(registry, { name: 'c_total', help: 'C.', labelNames: ['model'] }).add(LABELS, 0);
    expect(await registry.metrics()).toContain('c_total{model="m"} 0\n');
  });

  test.for([Number.NaN, -5])('a histogram refuses %d', (value) => {
    const histogram = createHistogram(new Registry(), {
      name: 'h_seconds',
      help: 'H.',
      labelNames: ['model'],
      buckets: [1],
    });
    expect(() => histogram.observe(LABELS, value)).toThrow(/h_seconds was given/);
  });

  test('a gauge refuses NaN', () => {
    const gauge = createGauge(new Registry(), 'g', 'G.');
    expect(() => gauge.set(Number.NaN)).toThrow(/g was given/);
    expect(() => gauge.add(Number.NaN)).toThrow(/g was given/);
  });
});
