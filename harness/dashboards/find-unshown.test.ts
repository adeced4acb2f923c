import { describe, expect, test } from 'vitest';
import { findUnshown } from './find-unshown.ts';

const SERIES = ['a_total', 'b_seconds_bucket', 'b_seconds_sum', 'b_seconds_count', 'process_x'].map(
  (name) => ({ __name__: name }),
);

describe('findUnshown', () => {
  test('counts a histogram once, and is content with any of its samples', () => {
    const expressions = ['rate(b_seconds_sum[5m])', 'a_total', 'process_x'];
    expect(findUnshown({ series: SERIES, expressions, reasons: {} })).toEqual({
      families: ['a_total', 'b_seconds', 'process_x'],
      unshown: [],
      unexcused: [],
      findings: [],
    });
  });

  test('wants a reason for each family that is shown nowhere, and no other reasons', () => {
    const reasons = { 'process_*': 'of the runtime', 'gone_*': 'was there' };
    const { findings } = findUnshown({ series: SERIES, expressions: ['a_total'], reasons });
    expect(findings.map(({ message }) => message)).toEqual([
      'No panel and no alert looks at b_seconds.',
      'tally.config.ts says why gone_* is not shown, but it is shown, or not there.',
    ]);
  });
});
