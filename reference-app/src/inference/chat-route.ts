import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Attempt } from '../accounting/attempt.ts';
import type { PendingWork } from '../accounting/pending-work.ts';
import type { RecordUsage } from '../accounting/record-usage.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { parseCredentialId } from '../credentials/credential-requests.ts';
import type { FindCredential } from '../credentials/find-credential.ts';
import { ApiError, createClientLeft } from '../errors/api-error.ts';
import type { InferenceOutcome, Metrics } from '../metrics/metrics.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import { userOf } from '../users/authenticate.ts';
import { type ChatRequest, parseChatRequest } from './chat-request.ts';
import { type ClientPresence, watchClient } from './client-presence.ts';
import type { InferenceEnd } from './inference.ts';
import { runPlain } from './run-plain.ts';
import { runStream } from './run-stream.ts';

const ENDPOINT = 'chat/completions';
/** Names one of the user's credentials instead of the default one. */
const CREDENTIAL_HEADER = 'x-byom-credential-id';

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
  asked: ChatRequest,
  { request, reply, dependencies, client }: ChatContext & { readonly client: ClientPresence },
): Promise<InferenceEnd> {
  const { catalogue, findCredential, registry, recordUsage, nowMs } = dependencies;
  const user = userOf(request);
  const wanted = asked.model === undefined ? undefined : catalogue.locate(asked.model);
  const named = request.headers[CREDENTIAL_HEADER];
  const credential = await findCredential({
    userId: user.id,
    providers: wanted?.providers ?? [],
    credentialId: named === undefined ? undefined : parseCredentialId(named),
  });
  const provider = registry.get(credential.provider)?.provider;
  if (provider === undefined) throw new Error(`No provider is called ${credential.provider}.`);
  const model = wanted?.name ?? credential.settings.default_model ?? refuseWithoutModel();
  const chat = { ...asked, body: { ...asked.body, model } };
  // Nothing has been sent yet, so there is no attempt to record.
  if (client.hasLeft) return { outcome: 'client_abort', error: createClientLeft() };

  reply.header('x-byom-credential', credential.source);
  const start = {
    inferenceId: randomUUID(),
    userId: user.id,
    endpoint: ENDPOINT,
    provider: provider.name,
    modelRequested: model,
    credential: credential.source,
    isStream: chat.isStream,
    promptCharacters: chat.promptCharacters,
  };
  const attempt = new Attempt(start, { catalogue, nowMs });
  const run = chat.isStream ? runStream : runPlain;
  return run({ chat, provider, credential, attempt, client, reply, recordUsage });
}

function refuseWithoutModel(): never {
  throw new ApiError({
    status: 400,
    message: 'Invalid request body: model: is missing, and the credential has no default model.',
    type: 'invalid_request_error',
    param: 'model',
    code: 'invalid_body',
  });
}
