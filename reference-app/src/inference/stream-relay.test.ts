import { describe, expect, test, vi } from 'vitest';
import type { StreamEvent } from '../providers/provider.ts';
import { createOpenAiWriter } from '../shapes/openai/stream-writer.ts';
import type { StreamTranslation } from '../shapes/translation.ts';
import { StreamRelay } from './stream-relay.ts';

const TOKENS = { input: 1, cached_input: 0, cache_write: 0, output: 2, reasoning: 0 };
const USAGE = { tokens: TOKENS, isFinal: true };

function chunkOf(data: Readonly<Record<string, unknown>>, options: object = {}): StreamEvent {
  const text = JSON.stringify(data);
  return {
    kind: 'chunk',
    data,
    text,
    hasContent: true,
    modelServed: undefined,
    usage: undefined,
    ...options,
  };
}

const CONTENT = chunkOf({ id: 'c' });
const USAGE_CHUNK = chunkOf(
  { id: 'u', choices: [], usage: {} },
  { hasContent: false, usage: USAGE },
);
const END: StreamEvent = { kind: 'end' };
const ERROR: StreamEvent = { kind: 'error', body: { message: 'No.', type: 'server_error' } };

function createRelay({ translation }: { translation?: StreamTranslation } = {}) {
  const attempt = { servedBy: vi.fn(), reportedUsage: vi.fn(), receivedContent: vi.fn() };
  const writer = createOpenAiWriter({ wantsUsage: true });
  return { attempt, relay: new StreamRelay({ attempt, writer, translation }) };
}

describe('stream relay', () => {
  test('meters every event of a group, whatever the client sees of it', () => {
    const { relay, attempt } = createRelay();
    relay.accept([CONTENT, CONTENT, USAGE_CHUNK]);
    expect(attempt.receivedContent).toHaveBeenCalledTimes(2);
    expect(attempt.reportedUsage).toHaveBeenCalledExactlyOnceWith(USAGE);
  });

  test('passes nothing on after an error, and takes the usage that follows it', () => {
    const { relay, attempt } = createRelay();
    expect(relay.accept([ERROR, CONTENT, USAGE_CHUNK, END])).toBe('');
    expect(relay.error).toEqual({ message: 'No.', type: 'server_error' });
    expect(attempt.reportedUsage).toHaveBeenCalledOnce();
  });

  test('is complete only with the end of the grammar', () => {
    const { relay } = createRelay();
    relay.accept([CONTENT, USAGE_CHUNK]);
    expect(relay.isComplete).toBe(false);
    relay.accept([END]);
    expect(relay.isComplete).toBe(true);
  });

  test('writes what a translation makes of the events, and what it still has to say at the end', () => {
    const translation: StreamTranslation = {
      translate: ({ id }) => [{ first: id }, { second: id }],
      end: () => [{ id: 'end' }],
    };
    const { relay } = createRelay({ translation });
    expect(relay.accept([CONTENT])).toBe('data: {"first":"c"}\n\ndata: {"second":"c"}\n\n');
    expect(relay.accept([END, END])).toBe('data: {"id":"end"}\n\n');
  });
});
