import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Attempt } from '../accounting/attempt.ts';
import type { PendingWork } from '../accounting/pending-work.ts';
import type { RecordUsage } from '../accounting/record-usage.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { FindCredential } from '../credentials/find-credential.ts';
import { createClientLeft } from '../errors/api-error.ts';
import type { InferenceOutcome, Metrics } from '../metrics/metrics.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import { userOf } from '../users/authenticate.ts';
import { type ChatRequest, parseChatRequest } from './chat-request.ts';
import { type ClientPresence, watchClient } from './client-presence.ts';
import type { InferenceEnd } from './inference.ts';
import { runPlain } from './run-plain.ts';
import { runStream } from './run-stream.ts';

const ENDPOINT = 'chat/completions';
/** Models that the catalogue does not know are tried here; the provider says whether they exist. */
const DEFAULT_PROVIDER = 'openai';

export interface ChatDependencies {
  readonly authenticate: (request: FastifyRequest) => Promise<void>;
  readonly catalogue: Catalogue;
  readonly findCredential: FindCredential;
  readonly registry: ProviderRegistry;
  readonly recordUsage: RecordUsage;
  readonly metrics: Metrics;
  readonly pendingWork: PendingWork;
  readonly nowMs: () => number;
}

/** POST /chat/completions, plain and streaming, in OpenAI's shape. */
export function addChatRoute(app: FastifyInstance, dependencies: ChatDependencies): void {
  app.post('/chat/completions', { onRequest: dependencies.authenticate }, (request, reply) => {
    const chat = parseChatRequest(request.body);
    const work = answerChat(chat, { request, reply, dependencies });
    request.accounting = dependencies.pendingWork.track(work);
    return work;
  });
}

interface ChatContext {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly dependencies: ChatDependencies;
}

async function answerChat(chat: ChatRequest, context: ChatContext): Promise<FastifyReply> {
  const { reply, dependencies } = context;
  let outcome: InferenceOutcome = 'error';
  try {
    const end = await infer(chat, { ...context, client: watchClient(reply.raw) });
    outcome = end.outcome === 'cut' ? 'error' : end.outcome;
    if (end.error !== undefined) throw end.error;
    return reply;
  } finally {
    dependencies.metrics.countInference(ENDPOINT, outcome);
  }
}

async function infer(
  chat: ChatRequest,
  { request, reply, dependencies, client }: ChatContext & { readonly client: ClientPresence },
): Promise<InferenceEnd> {
  const { catalogue, findCredential, registry, recordUsage, nowMs } = dependencies;
  const user = userOf(request);
  const entry = registry.get(catalogue.resolve(chat.model)?.provider ?? DEFAULT_PROVIDER);
  if (entry === undefined) throw new Error(`No provider serves ${chat.model}.`);
  const { provider } = entry;
  const credential = await findCredential({ userId: user.id, provider: provider.name });
  // Nothing has been sent yet, so there is no attempt to record.
  if (client.hasLeft) return { outcome: 'client_abort', error: createClientLeft() };

  reply.header('x-byom-credential', credential.source);
  const start = {
    inferenceId: randomUUID(),
    userId: user.id,
    endpoint: ENDPOINT,
    provider: provider.name,
    modelRequested: chat.model,
    credential: credential.source,
    isStream: chat.isStream,
    promptCharacters: chat.promptCharacters,
  };
  const attempt = new Attempt(start, { catalogue, nowMs });
  const run = chat.isStream ? runStream : runPlain;
  return run({ chat, provider, apiKey: credential.apiKey, attempt, client, reply, recordUsage });
}
