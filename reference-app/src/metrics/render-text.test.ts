import { Gauge, Registry } from 'prom-client';
import { expect, test, vi } from 'vitest';
import { createCounter, createGauge, createHistogram, createLabelledGauge } from './instruments.ts';
import { renderText } from './render-text.ts';

function createAll() {
  const registry = new Registry();
  const common = { help: 'Help.', labelNames: ['a'] } as const;
  let collected = 0;
  const gauge = createLabelledGauge(registry, {
    ...common,
    name: 'collected',
    collect: () => {
      collected += 1;
      gauge.set({ a: 'x' }, collected);
    },
  });
  new Gauge({ name: 'foreign', help: 'Help.', registers: [registry] }).set(1);
  return {
    registry,
    counter: createCounter(registry, { ...common, name: 'counter_total' }),
    histogram: createHistogram(registry, { ...common, name: 'histogram', buckets: [1, 2] }),
    gauge: createGauge(registry, 'gauge', 'Help.'),
    labelled: createLabelledGauge(registry, { ...common, name: 'labelled' }),
  };
}

test('shows every change at once, of every kind of metric', async () => {
  const { registry, counter, histogram, gauge, labelled } = createAll();
  const changes = [
    () => counter.add({ a: 'x' }, 0),
    () => counter.add({ a: 'x' }, 2),
    () => histogram.zero({ a: 'x' }),
    () => histogram.observe({ a: 'x' }, 1.5),
    () => gauge.set(3),
    () => gauge.add(-1),
    () => labelled.set({ a: 'x' }, 4),
    () => labelled.set({ a: 'x' }, undefined),
  ];
  const without = (text: string) => text.replace(/^collected\{.*$/m, '');
  for (const change of changes) {
    const before = without(await renderText(registry));
    change();
    const after = without(await renderText(registry));
    expect(after).not.toBe(before);
    expect(after).toBe(without(await registry.metrics()));
  }
});

test('reads what is collected at every reading', async () => {
  const { registry } = createAll();
  const first = await renderText(registry);
  expect(await renderText(registry)).not.toBe(first);
});

test('renders a metric that has not changed only once', async () => {
  const { registry, counter } = createAll();
  counter.add({ a: 'x' }, 1);
  const render = vi.spyOn(registry, 'getSingleMetricAsString');
  await renderText(registry);
  render.mockClear();
  await renderText(registry);
  // The collected one, and the one that nobody marks.
  expect(render).toHaveBeenCalledTimes(2);
});
