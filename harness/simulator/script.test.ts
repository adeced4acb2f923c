import { describe, expect, test } from 'vitest';

import { parseScript } from './script.ts';

const generated = { kind: 'generated', inputTokens: 1, outputTokens: 3 };

describe('script', () => {
  test('is taken as it is when it can happen', () => {
    const script = { answer: generated, holdAfterContentEvents: 3, cutAfterContentEvents: 3 };
    expect(parseScript(script)).toEqual(script);
  });

  test.for([
    [
      'a hold after the last event',
      { answer: generated, holdAfterContentEvents: 4 },
      'would never happen',
    ],
    [
      'a cut in an error',
      { answer: { kind: 'error', status: 500 }, cutAfterContentEvents: 1 },
      'has 0 content events',
    ],
    ['a status that is no error', { answer: { kind: 'error', status: 200 } }, 'answer.status'],
    ['a misspelt field', { answer: generated, holdAfter: 1 }, '"holdAfter"'],
    ['negative tokens', { answer: { ...generated, inputTokens: -1 } }, 'answer.inputTokens'],
    ['an unknown kind', { answer: { kind: 'cassette' } }, 'answer.kind'],
    ['no object', 'hold', 'expected object'],
  ] as const)('with %s is an error that names the place', ([, script, said]) => {
    expect(() => parseScript(script)).toThrow(said);
    expect(() => parseScript(script)).toThrow('[H_SIMULATOR_SCRIPT]');
  });
});
