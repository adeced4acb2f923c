import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { createCounter, createGauge, createHistogram, createLabelledGauge } from './instruments.ts';
import { renderText } from './render-text.ts';

const registry = new Registry();
const definition = { help: 'H.', labelNames: ['model'] } as const;
const counter = createCounter(registry, { ...definition, name: 'c_total' });
const histogram = createHistogram(registry, { ...definition, name: 'h_seconds', buckets: [1] });
const gauge = createGauge(registry, 'g', 'G.');
const raised = createGauge(registry, 'r', 'R.');
const labelled = createLabelledGauge(registry, { ...definition, name: 'l' });
const labels = { model: 'm' };

describe('rendered text', () => {
  test.for([
    ['a counter', () => counter.add(labels, 1), 'c_total{model="m"} 1'],
    ['an observation', () => histogram.observe(labels, 2), 'h_seconds_sum{model="m"} 2'],
    ['a zeroed histogram', () => histogram.zero({ model: 'n' }), 'h_seconds_sum{model="n"} 0'],
    ['a gauge that was set', () => gauge.set(3), 'g 3'],
    ['a gauge that was raised', () => raised.add(1), 'r 1'],
    ['a labelled gauge', () => labelled.set(labels, 5), 'l{model="m"} 5'],
  ] as const)('shows %s at once', async ([, change, line]) => {
    const before = await renderText(registry);
    expect(before).not.toContain(`${line}\n`);
    change();
    expect(await renderText(registry)).toContain(`${line}\n`);
  });

  test('shows no series that was removed', async () => {
    labelled.set({ model: 'gone' }, 1);
    expect(await renderText(registry)).toContain('gone');
    labelled.set({ model: 'gone' }, undefined);
    expect(await renderText(registry)).not.toContain('gone');
  });

  test('is the same as long as nothing changes', async () => {
    expect(renderText(registry)).toBe(renderText(registry));
    expect(await renderText(registry)).toBe(await registry.metrics());
  });
});
