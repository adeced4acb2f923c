import { createParser } from 'eventsource-parser';
import { ProviderCutError } from './provider-error.ts';

/** Reads the `data:` of one event. Throws ProviderCutError for what is none of the grammar. */
type ParseEvent<T> = (data: string) => T;

/**
 * Reads the stream of a response that an SDK has opened. The SDKs' own iterators will not do for
 * metering: OpenAI's swallows [DONE], so a stream that was cut at a clean end of the connection
 * looks complete, and it ends without an error when it is aborted. Here every event of a network
 * chunk is parsed at once, before any of them is passed on, so an event that has been received is
 * counted even if the client leaves a moment later.
 */
export async function* readEvents<T>(
  body: AsyncIterable<Uint8Array>,
  parseEvent: ParseEvent<T>,
): AsyncGenerator<readonly T[], void, undefined> {
  const reader = createEventReader(parseEvent);
  try {
    for await (const bytes of body) yield* reader.read(bytes);
  } catch (cause) {
    if (cause instanceof ProviderCutError) throw cause;
    throw new ProviderCutError('The connection to the provider broke off.', { cause });
  }
  yield* reader.finish();
}

interface EventReader<T> {
  /** The events that these bytes complete: one group or none. */
  read(bytes: Uint8Array): Generator<readonly T[], void, undefined>;
  /** What the parser has kept back: a last event without its blank line. */
  finish(): Generator<readonly T[], void, undefined>;
}

function createEventReader<T>(parseEvent: ParseEvent<T>): EventReader<T> {
  const decoder = new TextDecoder();
  let events: T[] = [];
  let broken: unknown;
  const parser = createParser({
    onEvent: ({ data }) => {
      if (broken !== undefined) return;
      try {
        events.push(parseEvent(data));
      } catch (error) {
        broken = error;
      }
    },
  });
  function* feed(text: string): Generator<readonly T[], void, undefined> {
    events = [];
    parser.feed(text);
    // The events before a broken one in the same bytes were received, and count.
    if (events.length > 0) yield events;
    if (broken !== undefined) throw broken;
  }
  return {
    read: (bytes) => feed(decoder.decode(bytes, { stream: true })),
    finish: () => feed(`${decoder.decode()}\n\n`),
  };
}
