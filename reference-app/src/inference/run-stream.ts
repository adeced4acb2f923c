import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { Outcome } from '../accounting/usage-event.ts';
import type { ErrorBody } from '../errors/api-error.ts';
import type { StreamAnswer } from '../providers/provider.ts';
import { ProviderCutError } from '../providers/provider-error.ts';
import { headersOf } from './answer-headers.ts';
import type { ClientPresence } from './client-presence.ts';
import { type AttemptEnd, endFailed, type RunAttempt, type Running } from './inference.ts';
import { judgeFailure } from './judge-failure.ts';
import { StreamRelay } from './stream-relay.ts';
import { toProviderCall } from './to-provider-call.ts';

/** How long a provider may keep the connection open after the stream's end or an error. */
const AFTER_END_LIMIT_MS = 2_000;

/**
 * One attempt at a stream, passed on event by event. What ends the client's stream (the usage and
 * the grammar's end, or an error event) is held back until the attempt is recorded.
 */
export function createRunStream(reply: FastifyReply, idleMs: number): RunAttempt {
  return async (running) => {
    const { inference, target, attempt } = running;
    const { call, translation } = toProviderCall(running);
    let answer: StreamAnswer;
    try {
      answer = await target.provider.stream(call);
    } catch (error) {
      return endFailed(running, judgeFailure(error, inference.client.hasLeft));
    }
    attempt.answeredWith(answer.status);
    const { shape, request, client } = inference;
    const relay = new StreamRelay({
      attempt,
      writer: shape.createWriter(request),
      translation: translation?.createStream(),
    });
    const response = sendHead(reply.headers(headersOf(target)));
    return finish(running, { answer, relay, response, client, idleMs });
  };
}

/** Takes the response out of Fastify's hands: its stream support would hide who ended the stream. */
function sendHead(reply: FastifyReply): ServerResponse {
  reply.hijack();
  const { raw: response } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) response.setHeader(name, value);
  }
  response.setHeader('content-type', 'text/event-stream; charset=utf-8');
  response.setHeader('cache-control', 'no-cache');
  response.writeHead(200).flushHeaders();
  return response;
}

interface Passage {
  readonly answer: StreamAnswer;
  readonly relay: StreamRelay;
  readonly response: ServerResponse;
  readonly client: ClientPresence;
  /** How long the provider may be silent, or the client not read. */
  readonly idleMs: number;
}

async function finish(
  { inference, attempt, recordUsage }: Running,
  passage: Passage,
): Promise<AttemptEnd> {
  const { relay, response } = passage;
  const { shape, log } = inference;
  const { outcome, error } = await pass(passage);
  try {
    await recordUsage(attempt.end(outcome));
  } catch (cause) {
    // Without its row the answer must not look complete.
    log.error(
      { cause: cause instanceof Error ? cause.message : undefined },
      'usage was not recorded',
    );
    const unrecorded = { message: 'The usage could not be recorded.', type: 'server_error' };
    response.end(shape.toErrorEvent(unrecorded));
    return { kind: 'streamed', outcome: 'error' };
  }
  response.end(error === undefined ? relay.ending : shape.toErrorEvent(error));
  return { kind: 'streamed', outcome };
}

/** Passes events until the stream's end, whichever way it comes. */
async function pass(passage: Passage): Promise<{ outcome: Outcome; error?: ErrorBody }> {
  const { relay, client } = passage;
  let failure: unknown;
  try {
    await forward(passage);
  } catch (error) {
    failure = error;
  }
  // What the provider has said counts, whatever became of the connections afterwards.
  if (relay.error !== undefined) return { outcome: 'error', error: relay.error };
  if (relay.isComplete) return { outcome: 'success' };
  // Made only here: the stack of an error takes longer than anything else that a stream needs.
  failure ??= new ProviderCutError('The stream of the provider ended without its end.');
  const { outcome, answer } = judgeFailure(failure, client.hasLeft);
  return { outcome, error: answer.body };
}

/**
 * Reads to the end of the connection, not only to the end of the stream: leaving early would close
 * a connection that the next call can use, and would miss the usage that follows an error.
 */
async function forward({ answer, relay, response, client, idleMs }: Passage): Promise<void> {
  const idle = setTimeout(() => client.cancel(), idleMs);
  let limit: NodeJS.Timeout | undefined;
  try {
    for await (const events of answer.events) {
      const text = relay.accept(events);
      if (text !== '' && !response.write(text)) await drain(response, client.signal);
      if (relay.isComplete || relay.error !== undefined) {
        limit ??= setTimeout(() => client.cancel(), AFTER_END_LIMIT_MS);
      }
      idle.refresh();
    }
  } finally {
    clearTimeout(idle);
    clearTimeout(limit);
  }
}

/** Waits until the client has read enough; rejects when it leaves. */
async function drain(response: ServerResponse, signal: AbortSignal): Promise<void> {
  await once(response as NodeJS.EventEmitter, 'drain', { signal });
}
