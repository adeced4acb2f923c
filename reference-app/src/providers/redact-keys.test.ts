import { describe, expect, test } from 'vitest';
import { redactKeys } from './redact-keys.ts';

describe('redaction', () => {
  test.for([
    ['Incorrect API key provided: my-own-key.', 'Incorrect API key provided: [redacted].'],
    ['Incorrect API key provided: sk-proj-ab12****wxyz.', 'Incorrect API key provided: [redacted]'],
    [
      'Incorrect API key provided: bad-key-**********1234.',
      'Incorrect API key provided: [redacted].',
    ],
    ['key=AIza-SyA1234567890 failed', 'key=[redacted] failed'],
    ['a risk-free, task-oriented answer', 'a risk-free, task-oriented answer'],
  ])('of %j gives %j', ([text = '', expected]) => {
    expect(redactKeys(text, 'my-own-key')).toBe(expected);
  });

  test('does not take an empty key for every place in the text', () => {
    expect(redactKeys('text', '')).toBe('text');
  });
});
