import { describe, expect, test } from 'vitest';

import { readPayload } from './read-payload.ts';

const said = (...parts: object[]) => JSON.stringify({ candidates: [{ content: { parts } }] });

describe('google: what a recorded chunk says', () => {
  test.for([
    ['text', said({ text: 'a' }), true],
    ['a thought', said({ text: 'hm', thought: true }), true],
    ['a function call', said({ functionCall: { name: 'f', args: {} } }), true],
    ['code', said({ executableCode: { code: 'x', language: 'PYTHON' } }), true],
    ['a picture', said({ inlineData: { data: 'x', mimeType: 'image/png' } }), true],
    ['a signature', said({ text: '', thoughtSignature: 'x' }), false],
    ['a candidate without parts', '{"candidates":[{"content":{}}]}', false],
    ['no candidate', '{"usageMetadata":{}}', false],
    ['broken JSON', '{"candidates":[', false],
  ] as const)('%s', ([, data, isContent]) => {
    expect(readPayload(data)).toMatchObject({ isContent, isEnd: false, error: undefined });
  });

  test.for(['STOP', 1])('ends with the finish reason %s', (finishReason) => {
    expect(readPayload(JSON.stringify({ candidates: [{ finishReason }] }))).toMatchObject({
      isEnd: true,
      isContent: false,
      finishReason: String(finishReason),
    });
  });

  test('ends when the prompt was blocked', () => {
    const data = JSON.stringify({ promptFeedback: { blockReason: 'SAFETY' } });
    expect(readPayload(data)).toMatchObject({ isEnd: true, finishReason: 'SAFETY' });
  });

  test('names the functions that are called', () => {
    const calls = ['f', 'g'].map((name) => ({ functionCall: { name, args: {} } }));
    expect(readPayload(said(...calls)).toolCalls).toEqual(['f', 'g']);
  });

  test('ends with an error, which may stand in an array, and finds its hint', () => {
    const details = [{ reason: 'X' }, { retryDelay: '58.5s' }];
    const error = { code: 429, message: 'm', status: 'RESOURCE_EXHAUSTED', details };
    for (const value of [{ error }, [{ error }]]) {
      expect(readPayload(JSON.stringify(value))).toMatchObject({
        isEnd: true,
        error: { codes: ['X', 'RESOURCE_EXHAUSTED'], message: 'm', retryAfterMs: 58_500 },
      });
    }
  });

  test.for([
    [
      { promptTokenCount: 9, totalTokenCount: 9 },
      { input: 9, output: 0 },
    ],
    [
      { promptTokenCount: 9, cachedContentTokenCount: 4 },
      { input: 5, cachedInput: 4 },
    ],
    [{ promptTokenCount: 9, toolUsePromptTokenCount: 4 }, { input: 13 }],
    [
      { promptTokenCount: 9, thoughtsTokenCount: 4 },
      { input: 9, output: 0, reasoning: 4 },
    ],
  ] as const)('takes the classes of %j', ([usageMetadata, classes]) => {
    expect(readPayload(JSON.stringify({ usageMetadata })).usage).toMatchObject(classes);
  });

  test.for([null, undefined, {}, 'none', { promptTokenCount: '5' }])(
    'reads %j as no usage',
    (usageMetadata) => {
      expect(readPayload(JSON.stringify({ usageMetadata })).usage).toBeUndefined();
    },
  );
});
