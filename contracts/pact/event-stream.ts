import { createParser } from 'eventsource-parser';
import { z } from 'zod';

export const STREAM_TYPE = 'text/event-stream';
/** An event stream as JSON: `{ "events": [{ "event": "message_stop", "data": {…} }] }`. */
export const EVENTS_TYPE = 'application/vnd.event-stream+json';

const eventsSchema = z.object({
  events: z.array(z.object({ event: z.string().optional(), data: z.json() })),
});

type StreamEvents = z.infer<typeof eventsSchema>['events'];

/** An event without its blank line is none. */
export function parseStream(text: string): StreamEvents {
  const events: StreamEvents = [];
  const parser = createParser({
    onEvent: ({ event, data }) => {
      events.push({ ...(event !== undefined && { event }), data: parseData(data) });
    },
  });
  parser.feed(text);
  return events;
}

/** JSON, or a word such as OpenAI's [DONE]. */
function parseData(data: string): StreamEvents[number]['data'] {
  try {
    return z.json().parse(JSON.parse(data));
  } catch {
    return data;
  }
}

/** The stream that holds these events. Throws on what is not `{ "events": […] }`. */
export function frameEvents(value: unknown): string {
  const framed = eventsSchema.parse(value).events.map(({ event, data }) => {
    const name = event === undefined ? '' : `event: ${event}\n`;
    return `${name}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
  });
  return framed.join('');
}
