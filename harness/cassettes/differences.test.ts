import { describe, expect, test } from 'vitest';

import { findDifferences, formatDifference } from './differences.ts';
import { VolatilePaths } from './volatile-paths.ts';

function lines(cassette: unknown, request: unknown, volatile: string[] = []): string[] {
  const found = findDifferences('body', { cassette, request }, VolatilePaths.parse(volatile));
  return found.map(formatDifference);
}

describe('differences', () => {
  test('name the path and both values', () => {
    const cassette = { messages: [{ content: 'a' }], n: 1 };
    const request = { messages: [{ content: 'b' }], n: '1' };
    expect(lines(cassette, request)).toEqual([
      'body.messages[0].content: cassette "a", request "b"',
      'body.n: cassette 1, request "1"',
    ]);
  });

  test('say which side has nothing at a path', () => {
    expect(lines({ a: 1 }, { b: [2] })).toEqual([
      'body.a: cassette 1, request has none',
      'body.b: cassette has none, request [2]',
    ]);
    expect(lines([1, 2], [1])).toEqual(['body[1]: cassette 2, request has none']);
    expect(lines({ a: 1 }, undefined)).toEqual(['body: cassette {"a":1}, request has none']);
  });

  test('tell objects, arrays and null apart', () => {
    expect(lines({ a: [] }, { a: {} })).toEqual(['body.a: cassette [], request {}']);
    expect(lines({ a: null }, { a: {} })).toEqual(['body.a: cassette null, request {}']);
  });

  test('show the part of a long text where it differs', () => {
    const [line] = lines(`${'x'.repeat(500)}left${'y'.repeat(500)}`, `${'x'.repeat(500)}right`);
    expect(line).toContain('left');
    expect(line).toContain('right');
    expect(line).toContain('…');
    expect(line?.length).toBeLessThan(300);
  });

  test('are none for equal values and for volatile places', () => {
    expect(lines({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toEqual([]);
    expect(
      lines({ user: 1, m: [{ id: 1 }] }, { user: 2, m: [{ id: 2 }] }, [
        'body.user',
        'body.m[*].id',
      ]),
    ).toEqual([]);
  });

  test('see through names that every object inherits', () => {
    expect(lines({ constructor: 1 }, {})).toEqual([
      'body.constructor: cassette 1, request has none',
    ]);
  });
});
