import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { PendingWork } from '../accounting/pending-work.ts';
import type { Endpoint } from '../accounting/usage-event.ts';
import { credentialId } from '../credentials/credential-requests.ts';
import type { StreamSlots } from '../limits/stream-slots.ts';
import { validateWith, type ZodTypes } from '../openapi/zod-schemas.ts';
import type { ChatRequest, ShapeName } from '../shapes/shape.ts';
import { shapeNamed } from '../shapes/shapes.ts';
import { type Authenticate, userOf } from '../users/authenticate.ts';
import { ANSWER_HEADERS, headersOf } from './answer-headers.ts';
import { watchClient } from './client-presence.ts';
import { imagesAnswer, imagesRequest } from './images-request.ts';
import type { Inference } from './inference.ts';
import { runImages } from './run-images.ts';
import type { RunInference } from './run-inference.ts';
import { runPlain } from './run-plain.ts';
import { createRunStream } from './run-stream.ts';

/** Names one of the user's credentials instead of the default one. */
const CREDENTIAL_HEADER = 'x-byom-credential-id';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The shape of the route's errors; OpenAI's when left out. */
    shape?: ShapeName;
  }
}

interface InferenceRoutesOptions {
  readonly authenticate: Authenticate;
  readonly runInference: RunInference;
  readonly pendingWork: PendingWork;
  readonly streamSlots: StreamSlots;
  /** How long a stream may stand still. */
  readonly providerIdleMs: number;
}

/** The endpoints that ask a model: each in the shape that its clients know from its provider. */
export function addInferenceRoutes(app: FastifyInstance, options: InferenceRoutesOptions): void {
  addChatRoute(app, options, {
    summary: 'A chat completion in the shape of OpenAI',
    endpoint: 'chat/completions',
    shape: 'openai',
  });
  addChatRoute(app, options, {
    summary: 'A message in the shape of Anthropic',
    endpoint: 'messages',
    shape: 'anthropic',
  });
  addInferenceRoute(app, options, {
    summary: 'Images in the shape of OpenAI',
    endpoint: 'images/generations',
    shape: 'openai',
    request: imagesRequest,
    content: { 'application/json': { schema: imagesAnswer } },
    runOf: () => runImages,
  });
}

interface Route {
  readonly summary: string;
  readonly endpoint: Endpoint;
  readonly shape: ShapeName;
}

function addChatRoute(app: FastifyInstance, options: InferenceRoutesOptions, route: Route): void {
  const { request, answer } = shapeNamed(route.shape);
  addInferenceRoute(app, options, {
    ...route,
    request,
    content: {
      'application/json': { schema: answer },
      'text/event-stream': { schema: z.string().describe('Its chunks, with "stream": true.') },
    },
    runOf: ({ isStream }, reply) =>
      isStream ? createRunStream(reply, options.providerIdleMs) : runPlain,
  });
}

interface InferenceRoute extends Route {
  readonly request: z.ZodType<ChatRequest>;
  readonly content: Readonly<Record<string, { readonly schema: z.ZodType }>>;
  readonly runOf: (request: ChatRequest, reply: FastifyReply) => Inference['run'];
}

function addInferenceRoute(
  app: FastifyInstance,
  { authenticate, runInference, pendingWork, streamSlots }: InferenceRoutesOptions,
  { summary, endpoint, shape, runOf, ...declared }: InferenceRoute,
): void {
  const schema = {
    summary,
    headers: z.looseObject({ [CREDENTIAL_HEADER]: credentialId.optional() }),
    body: declared.request,
    response: { 200: { content: declared.content } },
    errors: ['4XX', '5XX'],
    answerHeaders: ANSWER_HEADERS,
  } as const;
  const routeOptions = {
    schema,
    validatorCompiler: validateWith(400),
    onRequest: authenticate,
    config: { shape },
  };
  app.withTypeProvider<ZodTypes>().post(`/${endpoint}`, routeOptions, (request, reply) => {
    const user = userOf(request);
    const attempt = runOf(request.body, reply);
    const inference: Inference = {
      request: request.body,
      run: attempt,
      endpoint,
      shape: shapeNamed(shape),
      userId: user.id,
      mayRemember: user.cachesAnswers && attempt === runPlain,
      credentialId: request.headers[CREDENTIAL_HEADER],
      client: watchClient(reply.raw),
      log: request.log,
    };
    const run = () => answer(reply, runInference, inference);
    const work = request.body.isStream ? streamSlots.run(user.id, run) : run();
    request.accounting = pendingWork.track(work);
    return work;
  });
}

async function answer(reply: FastifyReply, runInference: RunInference, inference: Inference) {
  const { end, target, cache } = await runInference(inference);
  if (end.kind === 'streamed') return reply;
  if (cache !== undefined) reply.header('x-byom-cache', cache);
  if (target !== undefined) reply.headers(headersOf(target));
  if (end.kind === 'failed') throw end.failure.answer;
  return reply.type('application/json; charset=utf-8').send(end.answer.text);
}
