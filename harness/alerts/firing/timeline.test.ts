import { describe, expect, test } from 'vitest';
import type { AlertTestFile } from '../load-alerts.ts';
import { firingMomentOf, timelineText } from './timeline.ts';

const ALERT = {
  alert: 'KeyOverdue',
  expr: 'time() - key_timestamp_seconds > 60',
  for: '2m',
  labels: {},
  annotations: {},
  file: 'keys.rules.yml',
};

/** A file with one test, in which the alert is silent and then fires. */
const FILE: AlertTestFile = {
  path: 'keys.test.yml',
  rule_files: ['keys.rules.yml'],
  tests: [
    {
      name: 'a key is overdue',
      interval: '1m',
      input_series: [
        { series: 'key_timestamp_seconds{job="service", path="a\\"b"}', values: '-60x5' },
        { series: 'up', values: '_ 1+0x2 0x9' },
      ],
      alert_rule_test: [
        { alertname: 'KeyOverdue', eval_time: '1m', exp_alerts: [] },
        { alertname: 'Other', eval_time: '2m', exp_alerts: [{ exp_labels: {} }] },
        {
          alertname: 'KeyOverdue',
          eval_time: '3m',
          exp_alerts: [{ exp_labels: { job: 'service' } }],
        },
      ],
    },
  ],
};

describe('the timeline of an alert', () => {
  test('ends at the first moment at which its unit test lets it fire', () => {
    expect(firingMomentOf(ALERT, [FILE])).toMatchObject({
      evalSeconds: 180,
      expected: [{ job: 'service' }],
    });
    expect(firingMomentOf({ ...ALERT, alert: 'Untested' }, [FILE])).toBeUndefined();
  });

  test('is moved to now, with values that are times, and with the time it was pending', () => {
    const moment = firingMomentOf(ALERT, [FILE]) ?? expect.unreachable();
    expect(timelineText(ALERT, moment, 10_000)).toBe(
      [
        'key_timestamp_seconds{job="service",path="a\\"b"} 9760 9820',
        'key_timestamp_seconds{job="service",path="a\\"b"} 9760 9880',
        'key_timestamp_seconds{job="service",path="a\\"b"} 9760 9940',
        'key_timestamp_seconds{job="service",path="a\\"b"} 9760 10000',
        'up{} 1 9880',
        'up{} 1 9940',
        'up{} 1 10000',
        'ALERTS_FOR_STATE{alertname="KeyOverdue",job="service"} 9879 10000',
        '# EOF\n',
      ].join('\n'),
    );
  });
});
