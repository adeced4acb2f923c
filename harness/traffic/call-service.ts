import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createParser } from 'eventsource-parser';
import { isContentEvent, isEndEvent } from './content-event.ts';
import type { ServiceCall } from './service-call.ts';

export interface CallOptions {
  url: string;
  method: string;
  headers: Readonly<Record<string, string>>;
  /** Sent as JSON; undefined sends none. */
  body: unknown;
  /** Leave after this many content events; undefined reads to the end. */
  leaveAfterContentEvents?: number;
  /** Leave when it aborts. */
  leaving?: AbortSignal;
  timeoutMs?: number;
}

const BODY_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Sends one request and keeps `call` up to date while the answer arrives. Resolves when the call
 * has ended for the client, also when there was no answer: a service that hangs or crashes is a
 * finding, so it is recorded and never thrown. Uses node:http with a connection of its own,
 * because leaving means destroying exactly this socket at exactly this event.
 */
export async function callService(call: ServiceCall, options: CallOptions): Promise<void> {
  const { url, method, headers, timeoutMs = 30_000 } = options;
  const payload = options.body === undefined ? '' : JSON.stringify(options.body);
  await new Promise<void>((resolve) => {
    const request = httpRequest(url, {
      method,
      agent: false,
      headers: {
        ...(payload !== '' && { 'content-type': 'application/json' }),
        'content-length': Buffer.byteLength(payload),
        ...headers,
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const finish = (end: NonNullable<ServiceCall['end']>): void => {
      call.end ??= end;
      call.endedAtMs ??= performance.now();
      resolve();
    };
    const leave = (): void => {
      finish('left');
      request.destroy();
    };
    options.leaving?.addEventListener('abort', leave, { once: true });
    request.on('response', (response) => {
      readAnswer(call, response, { leaveAfter: options.leaveAfterContentEvents, leave, finish });
    });
    request.on('error', (error) => {
      call.failure ??= call.end === undefined ? error.message : undefined;
      finish('cut');
    });
    request.end(payload);
  });
}

interface Reading {
  leaveAfter: number | undefined;
  leave: () => void;
  finish: (end: NonNullable<ServiceCall['end']>) => void;
}

function readAnswer(call: ServiceCall, response: IncomingMessage, reading: Reading): void {
  call.status = response.statusCode;
  call.headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
  );
  const isStream = (response.headers['content-type'] ?? '').startsWith('text/event-stream');
  const read = isStream ? readEvents(call, reading) : readBody(call);
  response.setEncoding('utf8');
  response.on('data', read.push);
  response.on('end', () => {
    read.end();
    reading.finish(response.complete ? 'completed' : 'cut');
  });
  response.on('error', (error) => {
    call.failure ??= call.end === undefined ? error.message : undefined;
    reading.finish('cut');
  });
  response.on('close', () => reading.finish('cut'));
}

interface Reader {
  push: (chunk: string) => void;
  end: () => void;
}

function readEvents(call: ServiceCall, { leaveAfter, leave }: Reading): Reader {
  const events: unknown[] = [];
  call.events = events;
  const parser = createParser({
    onEvent: ({ data }) => {
      if (call.end !== undefined) return;
      const event = parseJson(data);
      if (isEndEvent(data, event)) {
        call.sawEnd = true;
        return;
      }
      events.push(event);
      if (!isContentEvent(event)) return;
      call.contentEvents += 1;
      call.firstContentAtMs ??= performance.now();
      if (call.contentEvents === leaveAfter) leave();
    },
  });
  return { push: (chunk) => parser.feed(chunk), end: () => undefined };
}

function readBody(call: ServiceCall): Reader {
  let text = '';
  return {
    push: (chunk) => {
      if (text.length < BODY_BYTES_MAX) text += chunk;
    },
    end: () => {
      call.body = parseJson(text);
    },
  };
}

/** Text that is no JSON is kept as it came: what the service says wrongly is evidence. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
