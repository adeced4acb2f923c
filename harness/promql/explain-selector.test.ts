import { describe, expect, test } from 'vitest';
import { explainSelector } from './explain-selector.ts';
import { selectorsOf } from './selectors-of.ts';

const SERIES = [
  { __name__: 'http_requests_total', status: '200', route: '/a\\b' },
  { __name__: 'http_requests_total', status: '503', route: '/c' },
  { __name__: 'up', job: 'service' },
];

/** What each selector of the expression lacks. */
function explain(expression: string): (string | undefined)[] {
  return selectorsOf(expression).map((selector) => explainSelector(selector, SERIES));
}

describe('explainSelector', () => {
  test('finds series by every kind of matcher', () => {
    expect(
      explain(`sum(rate(http_requests_total{status=~"5.."}[5m])) / up{job!="x", zone=""}
        unless {__name__="http_requests_total", route='/a\\\\b', status!~"4..|5.."} offset 5m`),
    ).toEqual([undefined, undefined, undefined]);
  });

  test('names the neighbour of a metric that was renamed', () => {
    expect(explain('http_request_total{status="200"}')).toEqual([
      'http_request_total{status="200"}: there is no metric http_request_total. Did you mean "http_requests_total"?',
    ]);
  });

  test('names the label that the metric does not have', () => {
    expect(explain('http_requests_total{state="200"}')).toEqual([
      'http_requests_total{state="200"}: the metric has no label state. Did you mean "status"?',
    ]);
  });

  test('names the values that were seen when none matches', () => {
    expect(explain('http_requests_total{route="/c", status=~"4.."}')).toEqual([
      'http_requests_total{route="/c", status=~"4.."}: no series has status=~"4.."; seen: 503.',
    ]);
  });

  test('takes a selector once that stands in an expression twice', () => {
    expect(explain('missing / missing')).toHaveLength(1);
  });
});
