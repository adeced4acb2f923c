import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { Outcome } from '../accounting/usage-event.ts';
import { type ErrorBody, toEnvelope } from '../errors/api-error.ts';
import type { StreamAnswer } from '../providers/provider.ts';
import { ProviderCutError } from '../providers/provider-error.ts';
import type { ClientPresence } from './client-presence.ts';
import { endFailed, type Inference, type InferenceEnd } from './inference.ts';
import { type Failure, judgeFailure } from './judge-failure.ts';
import { StreamRelay } from './stream-relay.ts';

/** How long a provider may keep the connection open after [DONE] or an error. */
const AFTER_END_LIMIT_MS = 2_000;

/**
 * Passes a stream on, event by event. What ends the client's stream (the usage chunk and [DONE],
 * or an error event) is held back until the attempt is recorded.
 */
export async function runStream(inference: Inference): Promise<InferenceEnd> {
  const { attempt, chat, client, recordUsage, reply } = inference;
  const answer = await open(inference);
  if ('outcome' in answer) return endFailed(inference, answer);
  attempt.answeredWith(answer.status);

  const response = sendHead(reply);
  const relay = new StreamRelay({ attempt, wantsUsage: chat.wantsUsage });
  const { outcome, error } = await pass({ answer, relay, response, client });
  try {
    await recordUsage(attempt.end(outcome));
  } catch (cause) {
    // Without its row the answer must not look complete.
    reply.log.error(
      { cause: cause instanceof Error ? cause.message : undefined },
      'usage was not recorded',
    );
    response.end(toEvent({ message: 'The usage could not be recorded.', type: 'server_error' }));
    return { outcome: 'error' };
  }
  response.end(error === undefined ? relay.ending : toEvent(error));
  return { outcome };
}

async function open({
  chat,
  provider,
  credential: { apiKey, settings },
  client,
}: Inference): Promise<StreamAnswer | Failure> {
  try {
    return await provider.stream({ body: chat.body, apiKey, settings, signal: client.signal });
  } catch (error) {
    return judgeFailure(error, client.hasLeft);
  }
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

function toEvent(error: ErrorBody): string {
  return `data: ${JSON.stringify(toEnvelope(error))}\n\n`;
}

interface Passage {
  readonly answer: StreamAnswer;
  readonly relay: StreamRelay;
  readonly response: ServerResponse;
  readonly client: ClientPresence;
}

/** Passes events until the stream's end, whichever way it comes. */
async function pass(passage: Passage): Promise<{ outcome: Outcome; error?: ErrorBody }> {
  const { relay, client } = passage;
  let failure: unknown = new ProviderCutError('The stream of the provider ended without [DONE].');
  try {
    await forward(passage);
  } catch (error) {
    failure = error;
  }
  // What the provider has said counts, whatever became of the connections afterwards.
  if (relay.error !== undefined) return { outcome: 'error', error: relay.error };
  if (relay.isComplete) return { outcome: 'success' };
  const { outcome, answer } = judgeFailure(failure, client.hasLeft);
  return { outcome, error: answer.body };
}

/**
 * Reads to the end of the connection, not only to the end of the stream: leaving early would close
 * a connection that the next call can use, and would miss the usage that follows an error.
 */
async function forward({ answer, relay, response, client }: Passage): Promise<void> {
  let limit: NodeJS.Timeout | undefined;
  try {
    for await (const events of answer.events) {
      const text = relay.accept(events);
      if (text !== '' && !response.write(text)) await drain(response, client.signal);
      if (relay.isComplete || relay.error !== undefined) {
        limit ??= setTimeout(() => client.cancel(), AFTER_END_LIMIT_MS);
      }
    }
  } finally {
    clearTimeout(limit);
  }
}

/** Waits until the client has read enough; rejects when it leaves. */
async function drain(response: ServerResponse, signal: AbortSignal): Promise<void> {
  await once(response as NodeJS.EventEmitter, 'drain', { signal });
}
