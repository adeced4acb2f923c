import type { FastifyInstance, FastifyReply } from 'fastify';
import type { PendingWork } from '../accounting/pending-work.ts';
import type { Endpoint } from '../accounting/usage-event.ts';
import { parseCredentialId } from '../credentials/credential-requests.ts';
import type { StreamSlots } from '../limits/stream-slots.ts';
import type { ChatRequest, ShapeName } from '../shapes/shape.ts';
import { shapeNamed } from '../shapes/shapes.ts';
import { type Authenticate, userOf } from '../users/authenticate.ts';
import { headersOf } from './answer-headers.ts';
import { watchClient } from './client-presence.ts';
import { parseImagesRequest } from './images-request.ts';
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
  addChatRoute(app, options, { endpoint: 'chat/completions', shape: 'openai' });
  addChatRoute(app, options, { endpoint: 'messages', shape: 'anthropic' });
  addInferenceRoute(app, options, {
    endpoint: 'images/generations',
    shape: 'openai',
    prepare: (body) => ({ request: parseImagesRequest(body), run: runImages }),
  });
}

interface Route {
  readonly endpoint: Endpoint;
  readonly shape: ShapeName;
}

function addChatRoute(app: FastifyInstance, options: InferenceRoutesOptions, route: Route): void {
  addInferenceRoute(app, options, {
    ...route,
    prepare: (body, reply) => {
      const request = shapeNamed(route.shape).parseRequest(body);
      return {
        request,
        run: request.isStream ? createRunStream(reply, options.providerIdleMs) : runPlain,
      };
    },
  });
}

interface PreparedRoute extends Route {
  readonly prepare: (
    body: unknown,
    reply: FastifyReply,
  ) => { readonly request: ChatRequest; readonly run: Inference['run'] };
}

function addInferenceRoute(
  app: FastifyInstance,
  { authenticate, runInference, pendingWork, streamSlots }: InferenceRoutesOptions,
  { endpoint, shape, prepare }: PreparedRoute,
): void {
  const routeOptions = { onRequest: authenticate, config: { shape } };
  app.post(`/${endpoint}`, routeOptions, (request, reply) => {
    const named = request.headers[CREDENTIAL_HEADER];
    const user = userOf(request);
    const prepared = prepare(request.body, reply);
    const { isStream } = prepared.request;
    const inference: Inference = {
      ...prepared,
      endpoint,
      shape: shapeNamed(shape),
      userId: user.id,
      mayRemember: user.cachesAnswers && prepared.run === runPlain,
      credentialId: named === undefined ? undefined : parseCredentialId(named),
      client: watchClient(reply.raw),
      log: request.log,
    };
    const run = (): Promise<FastifyReply> => answer(reply, runInference, inference);
    const work = isStream ? streamSlots.run(user.id, run) : run();
    request.accounting = pendingWork.track(work);
    return work;
  });
}

async function answer(
  reply: FastifyReply,
  runInference: RunInference,
  inference: Inference,
): Promise<FastifyReply> {
  const { end, target, cache } = await runInference(inference);
  if (end.kind === 'streamed') return reply;
  if (cache !== undefined) reply.header('x-byom-cache', cache);
  if (target !== undefined) reply.headers(headersOf(target));
  if (end.kind === 'failed') throw end.failure.answer;
  return reply.type('application/json; charset=utf-8').send(end.answer.text);
}
