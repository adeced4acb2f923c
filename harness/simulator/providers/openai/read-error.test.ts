import { expect, test } from 'vitest';

import { readError } from './read-error.ts';

test.for([
  ['its own envelope', { error: { message: 'm', type: 't', param: null, code: 'c' } }, ['c', 't']],
  ['null codes', { error: { message: 'm', type: null, code: null } }, []],
  ['a number as code', { error: { message: 'm', code: 401 } }, ['401']],
  ['text as error', { code: 'c', error: 'm' }, ['c']],
  ['the error without an envelope', { object: 'error', message: 'm', type: 't' }, ['t']],
  ['a detail', { detail: 'm' }, []],
] as const)('openai: an error says itself in %s', ([, payload, codes]) => {
  expect(readError(payload)).toEqual({ codes, message: 'm', retryAfterMs: undefined });
});

test.for([{}, { error: null }, { choices: [] }, { detail: [1] }])(
  'openai: %j is no error',
  (payload) => {
    expect(readError(payload)).toBeUndefined();
  },
);
