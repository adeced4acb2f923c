import { Ajv } from 'ajv';
import { expect, test } from 'vitest';

import { exampleOf } from './example-of.ts';

const step = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };

test.for<[string, Record<string, unknown>]>([
  ['anything', {}],
  ['text', { type: 'string', minLength: 9 }],
  ['a number from', { type: 'integer', minimum: 3 }],
  ['one of', { enum: ['red', 'blue'] }],
  ['exactly', { const: 7 }],
  ['either', { anyOf: [{ type: 'boolean' }, { type: 'null' }] }],
  ['more than one type', { type: ['null', 'string'] }],
  ['a list', { type: 'array', items: { type: 'number' }, minItems: 2 }],
  [
    'references',
    {
      type: 'object',
      properties: { steps: { type: 'array', items: { $ref: '#/$defs/step' } } },
      required: ['steps'],
      additionalProperties: false,
      $defs: { step },
    },
  ],
])('an example of %s is what the schema accepts', ([, schema]) => {
  const validate = new Ajv({ allowUnionTypes: true }).compile(schema);
  expect(validate(exampleOf(schema)), JSON.stringify(validate.errors)).toBe(true);
});

test('an example reads the types that Google writes, and ends where a schema has no end', () => {
  expect(exampleOf({ type: 'OBJECT', properties: { a: { type: 'STRING' } } })).toEqual({
    a: 'text',
  });
  const endless = { type: 'object', properties: { next: { $ref: '#' } } };
  expect(JSON.stringify(exampleOf(endless)).length).toBeLessThan(300);
});
