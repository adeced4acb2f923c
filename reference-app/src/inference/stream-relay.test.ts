import { describe, expect, test, vi } from 'vitest';
import type { StreamEvent } from '../providers/provider.ts';
import { StreamRelay } from './stream-relay.ts';

const USAGE = { input: 1, cached_input: 0, cache_write: 0, output: 2, reasoning: 0 };

function chunkOf(chunk: Readonly<Record<string, unknown>>, options: object = {}): StreamEvent {
  return {
    kind: 'chunk',
    chunk,
    text: JSON.stringify(chunk),
    hasContent: true,
    isUsageOnly: false,
    modelServed: undefined,
    usage: undefined,
    ...options,
  };
}

const CONTENT = chunkOf({ id: 'c', usage: null });
const USAGE_CHUNK = chunkOf(
  { id: 'u', usage: {} },
  { hasContent: false, isUsageOnly: true, usage: USAGE },
);
const END: StreamEvent = { kind: 'end' };
const ERROR: StreamEvent = { kind: 'error', body: { message: 'No.', type: 'server_error' } };

function createRelay({ wantsUsage = false } = {}) {
  const attempt = { servedBy: vi.fn(), reportedUsage: vi.fn(), receivedContent: vi.fn() };
  return { attempt, relay: new StreamRelay({ attempt, wantsUsage }) };
}

describe('stream relay', () => {
  test('hides the usage from a client that did not ask for it', () => {
    const { relay } = createRelay();
    expect(relay.accept([CONTENT, USAGE_CHUNK, END])).toBe('data: {"id":"c"}\n\n');
    expect(relay.ending).toBe('data: [DONE]\n\n');
  });

  test('holds the usage back until the end for a client that asked', () => {
    const { relay } = createRelay({ wantsUsage: true });
    expect(relay.accept([CONTENT, USAGE_CHUNK, END])).toBe('data: {"id":"c","usage":null}\n\n');
    expect(relay.ending).toBe('data: {"id":"u","usage":{}}\n\ndata: [DONE]\n\n');
  });

  test('meters every event of a group, whatever the client sees of it', () => {
    const { relay, attempt } = createRelay();
    relay.accept([CONTENT, CONTENT, USAGE_CHUNK]);
    expect(attempt.receivedContent).toHaveBeenCalledTimes(2);
    expect(attempt.reportedUsage).toHaveBeenCalledExactlyOnceWith(USAGE);
  });

  test('passes nothing on after an error, and takes the usage that follows it', () => {
    const { relay, attempt } = createRelay({ wantsUsage: true });
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

  test('keeps an event one event when its JSON has line ends', () => {
    const { relay } = createRelay();
    const text = relay.accept([chunkOf({ id: 'c' }, { text: '{\n"id":"c"}' })]);
    expect(text).toBe('data: {\ndata: "id":"c"}\n\n');
  });
});
