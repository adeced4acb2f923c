import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { canonicalJson } from './canonical-json.ts';
import { VolatilePaths } from './volatile-paths.ts';

describe('canonical JSON', () => {
  test('is the same for equal values, whatever the order of their keys', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true })).toBe(
      '{"a":true,"b":[1,{"c":"x","d":null}]}',
    );
  });

  test('keeps the order of arrays', () => {
    expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
  });

  test('leaves undefined members out, as JSON does', () => {
    expect(canonicalJson({ a: undefined, b: [undefined] })).toBe('{"b":[null]}');
    expect(canonicalJson(undefined)).toBe('null');
  });

  test('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(canonicalJson(JSON.parse(text)))).toEqual(JSON.parse(text));
      }),
    );
  });

  test.for([
    [['body.user'], { user: 'a', model: 'm' }, '{"model":"m"}'],
    [
      ['body.messages[*].id'],
      { messages: [{ id: 1, content: 'x' }] },
      '{"messages":[{"content":"x"}]}',
    ],
    [['body.messages[1]'], { messages: ['a', 'b'] }, '{"messages":["a",null]}'],
    [
      ['body.metadata.trace', 'body.user'],
      { metadata: { trace: 1, k: 2 } },
      '{"metadata":{"k":2}}',
    ],
    [['body.absent.deep'], { absent: 'text' }, '{"absent":"text"}'],
  ] as const)('leaves %j out', ([paths, body, text]) => {
    expect(canonicalJson(body, VolatilePaths.parse(paths))).toBe(text);
  });
});
