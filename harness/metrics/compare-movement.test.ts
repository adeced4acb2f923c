import { describe, expect, test } from 'vitest';
import { compareMovement, type StatedMovement } from './compare-movement.ts';
import { describeMovement } from './describe-movement.ts';
import { movementBetween } from './movement-between.ts';
import { parseExposition } from './parse-exposition.ts';

const BEFORE = `# TYPE http_requests_total counter
http_requests_total{method="POST",status="200"} 3
http_requests_total{method="POST",status="500"} 0
# TYPE busy gauge
busy 0
# TYPE poisoned counter
poisoned Nan
`;
const AFTER = BEFORE.replace('"200"} 3', '"200"} 4').replace('busy 0', 'busy 1');
const movement = movementBetween(parseExposition(BEFORE), parseExposition(AFTER), {
  action: 'one chat',
});

function differences(stated: StatedMovement) {
  return compareMovement(stated, movement).map(({ kind, key, stated, found, note }) => [
    kind,
    key,
    stated,
    found,
    note,
  ]);
}

const SERIES = 'http_requests_total{method="POST",status="200"}';

describe('compareMovement', () => {
  test('finds nothing when every change is stated, in any order of labels', () => {
    const stated = { 'http_requests_total{status="200", method="POST"}': 1, busy: 1 };
    expect(compareMovement(stated, movement)).toEqual([]);
  });

  test('accepts 0 for a series that is there and does not move', () => {
    const quiet = 'http_requests_total{method="POST",status="500"}';
    expect(compareMovement({ [SERIES]: 1, busy: 1, [quiet]: 0 }, movement)).toEqual([]);
  });

  test('finds a change that was not stated', () => {
    expect(differences({ [SERIES]: 1 })).toEqual([
      ['unexplained', 'busy', undefined, 1, 'it went from 0 to 1.'],
    ]);
  });

  test('finds another amount', () => {
    expect(differences({ [SERIES]: 2, busy: 1 })).toEqual([
      ['different', SERIES, 2, 1, 'it went from 3 to 4.'],
    ]);
  });

  test.for([
    ['busy2', 1, 'there is no metric busy2. Did you mean "busy"?'],
    ['busy2', 0, 'there is no metric busy2. Did you mean "busy"?'],
    ['nothing_like_it', 1, 'there is no metric nothing_like_it.'],
    ['http_requests_total{method="POST",status="500"}', 1, 'it stays 0.'],
    [
      'http_requests_total{method="POST",status="201"}',
      1,
      `http_requests_total has no such labels. Did you mean "${SERIES}"?`,
    ],
    ['poisoned', 1, 'it was NaN before: what was once given NaN never moves again.'],
  ] as const)('says why %s did not move by %s', ([key, change, note]) => {
    expect(differences({ [SERIES]: 1, busy: 1, [key]: change })).toEqual([
      ['missing', key, change, undefined, note],
    ]);
  });

  test('never accepts an impossible change, even when it is stated', () => {
    const reset = movementBetween(parseExposition(AFTER), parseExposition(BEFORE));
    expect(compareMovement({ [SERIES]: -1, busy: -1 }, reset)).toEqual([
      expect.objectContaining({ kind: 'impossible', note: 'a counter went down from 4 to 3.' }),
    ]);
  });

  test.for(['no series', 'x{a=1}', 'x{a="1"} 3', ''])('refuses %j as a line', (line) => {
    expect(() => compareMovement({ [line]: 1 }, movement)).toThrow('H_METRICS_SERIES');
  });

  test('refuses one series stated twice', () => {
    expect(() => compareMovement({ 'x{a="1",b="2"}': 1, 'x{b="2",a="1"}': 1 }, movement)).toThrow(
      'it is stated twice',
    );
  });
});

describe('describeMovement', () => {
  test('shows stated and found side by side, with the nearest name', () => {
    const stated = { http_request_total: 1, [SERIES]: 1 };
    expect(
      `\n${describeMovement({ stated, movement, differences: compareMovement(stated, movement) })}\n`,
    ).toMatchInlineSnapshot(`
      "
      The metrics did not move as stated during one chat:

             stated        found   series
      ✗           1            -   http_request_total
                                   missing: there is no metric http_request_total. Did you mean "http_requests_total"?
      ✗           -            1   busy
                                   unexplained: it went from 0 to 1.
                  1            1   http_requests_total{method="POST",status="200"}

      2 differences; 2 lines stated.
      "
    `);
  });

  test('paints what was stated, found and right each in its own colour', () => {
    const stated = { busy: 2, [SERIES]: 1 };
    const as = (name: string) => (cell: string) => `<${name}>${cell.trim()}</${name}>`;
    const colours = { stated: as('stated'), found: as('found'), right: as('right') };
    expect(
      `\n${describeMovement({ stated, movement, differences: compareMovement(stated, movement), colours })}\n`,
    ).toMatchInlineSnapshot(`
      "
      The metrics did not move as stated during one chat:

       <stated>stated</stated> <found>found</found>   series
      ✗<stated>2</stated> <found>1</found>   busy
                                   different: it went from 0 to 1.
      <right>1            1   http_requests_total{method="POST",status="200"}</right>

      1 difference; 2 lines stated.
      "
    `);
  });

  test('says so when nothing differs', () => {
    expect(describeMovement({ stated: {}, movement, differences: [] })).toBe(
      'The metrics moved exactly as stated during one chat.',
    );
  });
});
