import { type AnswerPart, createPart } from '../../answer.ts';
import type { TokenClasses } from '../../ledger.ts';
import type { AnswerContext } from '../wire.ts';
import { type Completion, messageHead, writeBlocks } from './completion.ts';
import { requestId } from './headers.ts';
import { usageAtStart, writeDeltaUsage, writeUsage } from './usage.ts';

/** The events of a generated stream in the order of the real one, made as they are sent. */
export function* streamParts(completion: Completion): Generator<AnswerPart> {
  const { tokens, sendsUsage } = completion;
  const atStart = usageAtStart(tokens);
  yield part(messageStart(completion, atStart), sendsUsage ? { usage: atStart } : {});
  let sent = 0;
  for (const [index, { opening, deltas }] of writeBlocks(completion).entries()) {
    yield part({ type: 'content_block_start', index, content_block: opening });
    yield* index === 0 ? [PING] : [];
    for (const delta of deltas) {
      sent += 1;
      const event = { type: 'content_block_delta', index, delta };
      yield part(event, { contentEvents: 1, padding: sent });
    }
    yield part({ type: 'content_block_stop', index }, { padding: sent });
  }
  yield part(messageDelta(completion), sendsUsage ? { usage: tokens, isUsageFinal: true } : {});
  yield part({ type: 'message_stop' }, { padding: tokens.output + 1 });
}

/** One in nearly every stream, mostly as its third event, and without padding. */
const PING = createPart(Buffer.from('event: ping\ndata: {"type": "ping"}\n\n'));

/** An error in place of the rest: after it the stream just ends. */
export function errorPart(
  error: { type: string; message: string },
  context: AnswerContext,
): AnswerPart {
  const { type, message } = error;
  const request_id = requestId(context);
  return part({ type: 'error', error: { details: null, type, message }, request_id });
}

function messageStart(completion: Completion, usage: TokenClasses) {
  const message = {
    ...messageHead(completion),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    ...(completion.sendsUsage ? { usage: writeUsage(usage) } : {}),
  };
  return { type: 'message_start', message };
}

function messageDelta({ stopReason, sendsUsage, tokens }: Completion) {
  const delta = { stop_reason: stopReason, stop_sequence: null, stop_details: null };
  const usage = sendsUsage ? { usage: writeDeltaUsage(tokens) } : {};
  return { type: 'message_delta', delta, ...usage };
}

/** The real padding changes from event to event, so that sizes do not tell the text. */
const PADDING_STEP = 7;
const PADDING_CHARS_MAX = 16;

function part(
  event: { readonly type: string; readonly [field: string]: unknown },
  { padding = 3, ...says }: Partial<AnswerPart> & { padding?: number } = {},
): AnswerPart {
  const spaces = ' '.repeat((padding * PADDING_STEP) % PADDING_CHARS_MAX);
  const data = `${JSON.stringify(event).slice(0, -1)}${spaces}}`;
  return createPart(Buffer.from(`event: ${event.type}\ndata: ${data}\n\n`), says);
}
