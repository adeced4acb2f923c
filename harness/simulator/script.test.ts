import { describe, expect, test } from 'vitest';

import { parseScript } from './script.ts';

const generated = { kind: 'generated', inputTokens: 1, outputTokens: 3 };
const error = { kind: 'error', status: 500 };
const call = { name: 'look_up', arguments: {} };

describe('script', () => {
  test('is taken as it is when it can happen', () => {
    const script = { answer: generated, holdAfterContentEvents: 3, cutAfterContentEvents: 3 };
    expect(parseScript(script)).toEqual(script);
    const hinted = {
      answer: { ...error, status: 429, meaning: 'too_large', retryAfterSeconds: 0 },
    };
    expect(parseScript(hinted)).toEqual(hinted);
    const page = { kind: 'verbatim', status: 200, headers: {}, body: '' };
    const held = { answer: page, holdAfterContentEvents: 99 };
    expect(parseScript(held)).toEqual(held);
  });

  test.for([
    [
      'a hold after the last event',
      { answer: generated, holdAfterContentEvents: 4 },
      'would never happen',
    ],
    ['a cut in an error', { answer: error, cutAfterContentEvents: 1 }, 'has 0 content events'],
    [
      'more tool calls than its tokens pay for',
      { answer: { ...generated, toolCalls: [call, call] } },
      'has 2 calls, which take two of the 3 output tokens each',
    ],
    [
      'an error inside after the last event',
      { answer: generated, errorAfterContentEvents: 4 },
      'would never happen',
    ],
    ['a meaning that no error has', { answer: { ...error, meaning: 'odd' } }, 'answer.meaning'],
    ['a status that is no error', { answer: { kind: 'error', status: 200 } }, 'answer.status'],
    ['a misspelt field', { answer: generated, holdAfter: 1 }, '"holdAfter"'],
    ['negative tokens', { answer: { ...generated, inputTokens: -1 } }, 'answer.inputTokens'],
    ['an unknown kind', { answer: { kind: 'tape' } }, 'answer.kind'],
    ['no object', 'hold', 'expected object'],
  ] as const)('with %s is an error that names the place', ([, script, said]) => {
    expect(() => parseScript(script)).toThrow(said);
    expect(() => parseScript(script)).toThrow('[H_SIMULATOR_SCRIPT]');
  });
});
