import { expect, test } from 'vitest';
import { compareShapes, shapeOf } from './shape.ts';

const RECORDED = { id: 'a', choices: [{ index: 0, message: { content: null, refusal: null } }] };

function differences(live: unknown): string[] {
  return compareShapes(shapeOf([RECORDED]), shapeOf([live])).map(
    ({ kind, message }) => `${kind}: ${message}`,
  );
}

test('finds nothing where only values differ, and null stands for a type', () => {
  expect(
    differences({ id: null, choices: [{ index: 7, message: { content: 'b', refusal: null } }] }),
  ).toEqual([]);
});

test('names what is missing by its outermost place', () => {
  expect(differences({ id: 'a' })).toEqual(['missing: choices is missing (it was array)']);
  expect(differences({ id: 'a', choices: [{ index: 0 }] })).toEqual([
    'missing: choices[*].message is missing (it was object)',
  ]);
});

test('names what is new, and what is of another type', () => {
  expect(differences({ ...RECORDED, id: 1, more: true })).toEqual([
    'retyped: id is number, and was string',
    'new: more is new (boolean)',
  ]);
});

test('takes the events of a stream together', () => {
  const events = [{ delta: { role: 'assistant' } }, { delta: { content: 'a' } }, { usage: null }];
  expect(compareShapes(shapeOf(events), shapeOf(events.toReversed()))).toEqual([]);
});
