import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '../provider.ts';
import { ProviderCutError } from '../provider-error.ts';
import { readEvents } from '../read-events.ts';
import { parseEvent } from './parse-event.ts';

const chunk = (delta: object, extra: object = {}): string =>
  `data: ${JSON.stringify({ model: 'm', choices: [{ index: 0, delta }], ...extra })}\n\n`;
const parse = (data: string): StreamEvent => parseEvent(data, 'sk-key');
const DONE = 'data: [DONE]\n\n';

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length; start += size)
    yield bytes.subarray(start, start + size);
}

async function readAll(text: string, size = 1_000_000): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const group of readEvents(inPieces(text, size), parse)) events.push(...group);
  return events;
}

const hasContent = (event: StreamEvent | undefined): boolean =>
  event?.kind === 'chunk' && event.hasContent;

describe('openai: stream', () => {
  test.for([1, 2, 3, 7, 64, 1_000_000])(
    'reads the same events in pieces of %i bytes',
    async (size) => {
      const text =
        chunk({ role: 'assistant', content: '' }) + chunk({ content: 'Grüße 🙂' }) + DONE;
      expect(await readAll(text, size)).toEqual(await readAll(text));
      expect((await readAll(text, size)).map(({ kind }) => kind)).toEqual([
        'chunk',
        'chunk',
        'end',
      ]);
    },
  );

  test.for([
    [{ content: 'a' }, true],
    [{ content: '' }, false],
    [{ role: 'assistant', content: null }, false],
    [{ refusal: 'No.' }, true],
    [{ reasoning_content: 'Hm' }, true],
    [{ tool_calls: [{ index: 0, function: { name: 'f', arguments: '' } }] }, false],
    [{ tool_calls: [{ index: 0, function: { arguments: '{' } }] }, true],
    [{}, false],
  ] as const)('a delta %j has content: %s', async ([delta, expected]) => {
    expect(hasContent((await readAll(chunk(delta)))[0])).toBe(expected);
  });

  test('ends an event without its blank line at the end of the body', async () => {
    expect(await readAll(`${chunk({ content: 'a' })}data: [DONE]`)).toHaveLength(2);
  });

  test('has no end event when the connection ends cleanly without [DONE]', async () => {
    expect((await readAll(chunk({ content: 'a' }))).map(({ kind }) => kind)).toEqual(['chunk']);
  });

  test('gives an error inside the stream without the key that was used', async () => {
    const error = { message: 'Bad key sk-key and sk-abcd****wxyz', type: 'server_error' };
    const [event] = await readAll(`data: ${JSON.stringify({ error })}\n\n`);
    expect(event).toEqual({
      kind: 'error',
      body: {
        message: 'Bad key [redacted] and [redacted]',
        type: 'server_error',
        param: null,
        code: null,
      },
    });
  });

  test('gives the events before a broken one in the same bytes, then the cut', async () => {
    const events: StreamEvent[] = [];
    const read = async (): Promise<void> => {
      const text = `${chunk({ content: 'a' })}data: {"id"\n\n`;
      for await (const group of readEvents(inPieces(text, 1_000), parse)) events.push(...group);
    };
    await expect(read()).rejects.toThrow(ProviderCutError);
    expect(events).toHaveLength(1);
  });

  test('takes the usage of any chunk as final', async () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2 };
    const events = await readAll(chunk({ content: 'a' }, { usage }) + chunk({}, { usage: null }));
    const tokens = expect.objectContaining({ input: 1, output: 2 });
    expect(events).toMatchObject([{ usage: { tokens, isFinal: true } }, { usage: undefined }]);
  });
});
