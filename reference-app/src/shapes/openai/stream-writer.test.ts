import { describe, expect, test } from 'vitest';
import type { Chunk } from '../shape.ts';
import { createOpenAiWriter } from './stream-writer.ts';

function chunkOf(data: Chunk['data']): Chunk {
  return { data, text: JSON.stringify(data) };
}

const CONTENT = chunkOf({ id: 'c', usage: null });
const USAGE = chunkOf({ id: 'u', choices: [], usage: {} });

describe('openai: stream to the client', () => {
  test('hides the usage from a client that did not ask for it', () => {
    const writer = createOpenAiWriter({ wantsUsage: false });
    expect(writer.write(CONTENT) + writer.write(USAGE)).toBe('data: {"id":"c"}\n\n');
    expect(writer.ending).toBe('data: [DONE]\n\n');
  });

  test('holds the usage back until the end for a client that asked', () => {
    const writer = createOpenAiWriter({ wantsUsage: true });
    expect(writer.write(CONTENT) + writer.write(USAGE)).toBe('data: {"id":"c","usage":null}\n\n');
    expect(writer.ending).toBe('data: {"id":"u","choices":[],"usage":{}}\n\ndata: [DONE]\n\n');
  });

  test('keeps an event one event when its JSON has line ends', () => {
    const writer = createOpenAiWriter({ wantsUsage: true });
    const text = writer.write({ data: { id: 'c' }, text: '{\n"id":"c"}' });
    expect(text).toBe('data: {\ndata: "id":"c"}\n\n');
  });
});
