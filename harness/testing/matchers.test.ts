import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { movementBetween } from '#harness/metrics/movement-between.ts';
import { parseExposition } from '#harness/metrics/parse-exposition.ts';
import './matchers.ts';

/** What an assertion says, without the colours that a terminal would show. */
function messageOf(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    return stripVTControlCharacters(`\n${(error as Error).message}\n`);
  }
  return expect.unreachable('the assertion must fail');
}

const movement = movementBetween(parseExposition('x 1\n'), parseExposition('x 2\ny 1\n'), {
  action: 'a request',
});

describe('toEqualMovement', () => {
  test('passes when every change is stated', () => {
    expect(movement).toEqualMovement({ x: 1, y: 1 });
  });

  test('fails on a missing and on an unexplained change, and names the action', () => {
    expect(() => expect(movement).toEqualMovement({ x: 1, z: 1 })).toThrow(
      /did not move as stated during a request:.*missing: there is no metric z.*unexplained: it went from absent to 1\./s,
    );
  });

  test('can be negated', () => {
    expect(movement).not.toEqualMovement({});
    expect(() => expect(movement).not.toEqualMovement({ x: 1, y: 1 })).toThrow(
      'moved exactly as stated during a request',
    );
  });

  test('refuses what is no movement', () => {
    expect(() => expect(Promise.resolve(movement)).toEqualMovement({})).toThrow(
      'takes a movement: await metrics.during(action)',
    );
  });
});

describe('toMoveOnly', () => {
  const text = (
    requests: number,
    busy: number,
    waited: number,
  ): string => `# TYPE requests_total counter
requests_total{route="/a"} ${requests}
requests_total{route="/b"} 0
# TYPE busy gauge
busy ${busy}
# TYPE wait_seconds histogram
wait_seconds_bucket{le="+Inf"} ${waited}
wait_seconds_sum ${waited}
wait_seconds_count ${waited}
`;
  const moved = movementBetween(parseExposition(text(1, 3, 1)), parseExposition(text(4, 2, 2)), {
    action: 'three requests',
  });

  test('passes when each moved up and nothing else moved', () => {
    const grown = movementBetween(parseExposition(text(1, 2, 1)), parseExposition(text(4, 2, 2)));
    expect(grown).toMoveOnly(['requests_total', 'wait_seconds']);
    expect(grown).toMoveOnly(['requests_total{route="/a"}', 'wait_*']);
    expect(grown).toMoveOnly(['requests_total', 'wait_seconds_count']);
    expect(grown).not.toMoveOnly(['requests_total']);
  });

  test('fails on what is missing, went down, or was not named', () => {
    const stated = [
      'busy',
      'request_total',
      'requests_total{route="/b"}',
      'requests_total{route="/c"}',
    ];
    expect(messageOf(() => expect(moved).toMoveOnly(stated))).toMatchInlineSnapshot(`
      "
      The metrics did not move as stated during three requests:

             stated        found   series
      ✗         > 0            -   request_total
                                   missing: there is no metric request_total. Did you mean "requests_total"?
      ✗         > 0            -   requests_total{route="/b"}
                                   missing: no series of it moved.
      ✗         > 0            -   requests_total{route="/c"}
                                   missing: there is no such series. Did you mean "requests_total{route="/a"}"?
      ✗           -            3   requests_total{route="/a"}
                                   unexplained: it went from 1 to 4.
      ✗         > 0           -1   busy
                                   different: it went from 3 to 2.
      ✗           -            1   wait_seconds_count
                                   unexplained: it went from 1 to 2.

      6 differences; 4 lines stated.
      "
    `);
  });

  test('refuses what is no pattern', () => {
    expect(() => expect(moved).toMoveOnly(['busy{a}'])).toThrow('H_METRICS_SERIES');
  });
});
