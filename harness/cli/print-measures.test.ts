import { expect, test } from 'vitest';
import type { Measure } from '#harness/observability/measure.ts';
import { printMeasures } from './print-measures.ts';

const measure = (more: Partial<Measure>): Measure => ({
  name: 'labelValues',
  says: 'label values moved',
  covered: 199,
  total: 200,
  threshold: 99.5,
  missing: [{ name: 'x_total{a="1"}', lacks: 'no scenario or test moved it' }],
  excepted: [],
  ...more,
});

test('one line tells each measure, and whether it is reached', () => {
  const lines: string[] = [];
  const output = {
    line: (text: string) => lines.push(...text.split('\n').map((each) => each.trimEnd())),
    progress: () => undefined,
    failure: () => undefined,
    paint: (style: unknown, text: string) => `${text} (${String(style)})`,
    columns: 80,
  };
  const excepted = [{ name: 'y_total', reason: 'needs a full moon' }];
  printMeasures(output, [
    measure({}),
    measure({ threshold: 100, excepted }),
    measure({ threshold: 100, notRun: 'the test suite was not run' }),
  ]);
  expect(lines).toEqual([
    '',
    'observability       covered     percent           asked for  excepted',
    'label values moved  199 of 200  99.5 % (green)    99.5 %     0',
    'label values moved  199 of 200  99.5 % (red)      100 %      1',
    'label values moved  199 of 200  not run (yellow)  100 %      0',
  ]);
});
