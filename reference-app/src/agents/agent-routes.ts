import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { PendingWork } from '../accounting/pending-work.ts';
import type { Schema } from '../database/schema.ts';
import { ApiError } from '../errors/api-error.ts';
import { headersOf } from '../inference/answer-headers.ts';
import { watchClient } from '../inference/client-presence.ts';
import type { RunInference } from '../inference/run-inference.ts';
import { runPlain } from '../inference/run-plain.ts';
import type { ZodApp, ZodTypes } from '../openapi/zod-schemas.ts';
import { openAiShape } from '../shapes/openai/openai-shape.ts';
import { type Authenticate, userOf } from '../users/authenticate.ts';
import { agentRoutes, type MessageAnswer, type SessionAnswer } from './agent-declarations.ts';
import {
  type AgentStore,
  createAgentStore,
  type MessageRow,
  type SessionRow,
} from './agent-store.ts';
import { type AgentTurns, createAgentTurns, requireRoom } from './agent-turns.ts';

interface AgentRoutesOptions {
  readonly authenticate: Authenticate;
  readonly kysely: Kysely<Schema>;
  readonly runInference: RunInference;
  readonly pendingWork: PendingWork;
}

/** /agent/sessions: talks that the service remembers, over the credentials of their user. */
export function addAgentRoutes(app: FastifyInstance, options: AgentRoutesOptions): void {
  const store = createAgentStore(options.kysely);
  const turns = createAgentTurns(options.kysely, store);
  app.withTypeProvider<ZodTypes>().register((routes, _options, done) => {
    routes.addHook('onRequest', options.authenticate);
    addSessionRoutes(routes, store);
    addTurnRoute(routes, { ...options, store, turns });
    done();
  });
}

interface TurnOptions extends AgentRoutesOptions {
  readonly store: AgentStore;
  readonly turns: AgentTurns;
}

function addTurnRoute(app: ZodApp, options: TurnOptions): void {
  app.post('/agent/sessions/:id/messages', { schema: agentRoutes.say }, (request, reply) => {
    const turn = { id: request.params.id, said: request.body.content };
    const work = answerTurn(turn, { request, reply, ...options });
    request.accounting = options.pendingWork.track(work);
    return work;
  });
}

function addSessionRoutes(app: ZodApp, store: AgentStore): void {
  app.post('/agent/sessions', { schema: agentRoutes.create }, async (request, reply) => {
    reply.code(201);
    return toSession(await store.create(userOf(request).id, request.body));
  });
  app.get('/agent/sessions', { schema: agentRoutes.list }, async (request) => {
    const sessions = await store.list(userOf(request).id);
    return { object: 'list' as const, data: sessions.map(toSession) };
  });
  app.get('/agent/sessions/:id', { schema: agentRoutes.get }, async (request) => {
    const session = await store.get(userOf(request).id, request.params.id);
    const messages = await store.messages(session.id);
    return { ...toSession(session), messages: messages.map(toMessage) };
  });
}

interface TurnContext extends TurnOptions {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A turn is remembered as a whole or not at all: what failed can be said again. */
async function answerTurn(
  { id, said }: { readonly id: string; readonly said: string },
  context: TurnContext,
): Promise<MessageAnswer> {
  const { store, turns, request } = context;
  const session = await turns.claim(userOf(request).id, id);
  try {
    const history = await store.messages(session.id);
    requireRoom(history);
    const answered = await ask(session, [...history, { role: 'user', content: said }], context);
    return toMessage(await turns.addTurn(session.id, { said, answered }));
  } finally {
    await turns.release(session.id);
  }
}

async function ask(
  { model, credential_id, instructions }: SessionRow,
  talk: readonly Pick<MessageRow, 'role' | 'content'>[],
  { request, reply, runInference }: TurnContext,
): Promise<string> {
  const system = instructions === null ? [] : [{ role: 'system', content: instructions }];
  const messages = [...system, ...talk.map(({ role, content }) => ({ role, content }))];
  const { end, target } = await runInference({
    endpoint: 'agent/sessions',
    userId: userOf(request).id,
    mayRemember: false,
    credentialId: credential_id ?? undefined,
    shape: openAiShape,
    request: openAiShape.request.parse({ messages, ...(model !== null && { model }) }),
    client: watchClient(reply.raw),
    log: request.log,
    run: runPlain,
  });
  if (target !== undefined) reply.headers(headersOf(target));
  if (end.kind === 'failed') throw end.failure.answer;
  if (end.kind === 'streamed') throw new Error('A turn is never streamed.');
  return readContent(end.answer.body);
}

const answerSchema = z.object({
  choices: z.tuple([z.object({ message: z.object({ content: z.string() }) })]).rest(z.unknown()),
});

function readContent(body: unknown): string {
  const parsed = answerSchema.safeParse(body);
  if (parsed.success) return parsed.data.choices[0].message.content;
  throw new ApiError({
    status: 502,
    message: 'The model answered without a text.',
    type: 'provider_error',
    code: 'no_text',
  });
}

function toSession({
  id,
  model,
  credential_id,
  instructions,
  created_at,
}: SessionRow): SessionAnswer {
  return {
    object: 'agent.session',
    id,
    model,
    credential_id,
    instructions,
    created_at: created_at.toISOString(),
  };
}

function toMessage({ position, role, content }: MessageRow): MessageAnswer {
  return { object: 'agent.message', position, role, content };
}
