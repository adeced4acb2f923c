import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '../provider.ts';
import { ProviderCutError } from '../provider-error.ts';
import { readEvents } from '../read-events.ts';
import { createEventParser } from './parse-event.ts';

/** As on the wire: named, and padded before the closing brace. */
const event = (data: { readonly type: string; readonly [field: string]: unknown }): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data).slice(0, -1)}   }\n\n`;
const delta = (fields: object): string =>
  event({ type: 'content_block_delta', index: 0, delta: fields });

const START = event({
  type: 'message_start',
  message: {
    model: 'claude-haiku-4-5-20251001',
    usage: { input_tokens: 5, cache_read_input_tokens: 128, output_tokens: 1 },
  },
});
const TEXT = delta({ type: 'text_delta', text: 'Grüße 🙂' });
const END = event({ type: 'message_delta', delta: {}, usage: { output_tokens: 9 } });
const STOP = event({ type: 'message_stop' });

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length; start += size)
    yield bytes.subarray(start, start + size);
}

async function readAll(text: string, size = 1_000_000): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const group of readEvents(inPieces(text, size), createEventParser('sk-ant-key')))
    events.push(...group);
  return events;
}

describe('anthropic: stream', () => {
  test.for([1, 2, 3, 7, 64, 1_000_000])(
    'reads the same events in pieces of %i bytes',
    async (size) => {
      const text = START + TEXT + END + STOP;
      expect(await readAll(text, size)).toEqual(await readAll(text));
      const kinds = (await readAll(text, size)).map(({ kind }) => kind);
      expect(kinds).toEqual(['chunk', 'chunk', 'chunk', 'end']);
    },
  );

  test.for([
    ['text', delta({ type: 'text_delta', text: 'a' }), true],
    ['empty text', delta({ type: 'text_delta', text: '' }), false],
    ['thinking', delta({ type: 'thinking_delta', thinking: 'Hm' }), true],
    ['tool arguments', delta({ type: 'input_json_delta', partial_json: '{' }), true],
    ['no tool arguments yet', delta({ type: 'input_json_delta', partial_json: '' }), false],
    ['a signature', delta({ type: 'signature_delta', signature: 'x' }), false],
    ['a ping', event({ type: 'ping' }), false],
    ['the start', START, false],
    ['a new block', event({ type: 'content_block_start', content_block: { text: '' } }), false],
    ['a kind of 2030', event({ type: 'hologram', delta: { text: 'a' } }), false],
  ] as const)('an event with %s has content: %s', async ([, text, expected]) => {
    expect(await readAll(text)).toMatchObject([{ kind: 'chunk', hasContent: expected }]);
  });

  test('tells what the start reports from the final report, which replaces it', async () => {
    const [start, , end] = await readAll(START + TEXT + END + STOP);
    const input = { input: 5, cached_input: 128, cache_write: 0, reasoning: 0 };
    expect(start).toMatchObject({
      modelServed: 'claude-haiku-4-5-20251001',
      usage: { tokens: { ...input, output: 1 }, isFinal: false },
    });
    expect(end).toMatchObject({ usage: { tokens: { ...input, output: 9 }, isFinal: true } });
  });

  test('has no end event when the connection ends cleanly without message_stop', async () => {
    expect((await readAll(START + TEXT + END)).map(({ kind }) => kind)).not.toContain('end');
  });

  test('gives an error inside the stream without the key that was used', async () => {
    const error = { type: 'overloaded_error', message: 'Bad sk-ant-key', details: null };
    const events = await readAll(event({ type: 'error', error, request_id: 'req_1' }));
    expect(events).toEqual([
      { kind: 'error', body: { message: 'Bad [redacted]', type: 'overloaded_error' } },
    ]);
  });

  test('gives the events before a broken one in the same bytes, then the cut', async () => {
    const events: StreamEvent[] = [];
    const read = async (): Promise<void> => {
      const bytes = inPieces(`${TEXT}event: ping\ndata: {"type"\n\n`, 1_000);
      for await (const group of readEvents(bytes, createEventParser('key'))) events.push(...group);
    };
    await expect(read()).rejects.toThrow(ProviderCutError);
    expect(events).toHaveLength(1);
  });
});
