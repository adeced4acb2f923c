import Table from 'cli-table3';
import { isReached, type Measure, percentOf } from '#harness/observability/measure.ts';
import { type Output, PLAIN_TABLE } from './output.ts';

/** One line for each measure: how much is covered, and of how much. */
export function printMeasures({ line, paint }: Output, measures: readonly Measure[]): void {
  if (measures.length === 0) return;
  const table = new Table({
    head: ['observability', 'covered', 'percent', 'asked for', 'excepted'],
    ...PLAIN_TABLE,
  });
  for (const measure of measures) {
    const { says, covered, total, threshold, excepted, notRun } = measure;
    const judged = isReached(measure) ? 'green' : 'red';
    const style = notRun === undefined ? judged : 'yellow';
    table.push([
      says,
      `${covered} of ${total}`,
      paint(style, notRun === undefined ? `${percentOf(measure)} %` : 'not run'),
      `${threshold} %`,
      excepted.length,
    ]);
  }
  line('');
  line(table.toString());
}
