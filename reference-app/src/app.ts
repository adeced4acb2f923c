import { randomUUID } from 'node:crypto';
import fastify, { type FastifyInstance, LogController } from 'fastify';
import { PendingWork } from './accounting/pending-work.ts';
import { addAgentRoutes } from './agents/agent-routes.ts';
import { loadCatalogue } from './catalogue/catalogue.ts';
import type { Config } from './config.ts';
import { addCredentials } from './credentials/add-credentials.ts';
import { createKeyManagement } from './credentials/create-key-management.ts';
import type { KeyManagement } from './credentials/key-management.ts';
import { openDatabase } from './database/database.ts';
import { answerClientError } from './errors/answer-client-error.ts';
import { answerError, answerErrors } from './errors/answer-errors.ts';
import { ApiError } from './errors/api-error.ts';
import { addHealthRoute } from './health/health-route.ts';
import { addInference } from './inference/add-inference.ts';
import { createRequestLimit } from './limits/limit-requests.ts';
import { logRedaction } from './logging/log-redaction.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { addMetricsRoute } from './metrics/metrics-route.ts';
import { serveOpenApi } from './openapi/serve-openapi.ts';
import { createRegistry } from './providers/registry.ts';
import { addSummaryRoute } from './summary/summary-route.ts';
import { createAuthenticate } from './users/authenticate.ts';
import { createFindUser } from './users/find-user.ts';
import { UserCache } from './users/user-cache.ts';
import { addUserSettingsRoutes } from './users/user-settings-routes.ts';

// biome-ignore lint/performance/noBarrelFile: this is the one door to the service, for its configuration too.
export { loadConfig } from './config.ts';

const REQUEST_ID_HEADER = 'x-request-id';
const BODY_LIMIT_BYTES = 10 * 1024 * 1024;

/** What a test may replace; everything else is real. */
export interface Dependencies {
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number;
  /** Where the master keys come from; what the configuration says when left out. */
  readonly keyManagement?: KeyManagement;
}

function createServer(config: Config, metrics: Metrics): FastifyInstance {
  const app = fastify({
    logger: { level: config.logLevel, redact: logRedaction },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    // Anthropic's SDK appends /v1 to any base URL, and OpenAI's base URLs end with it.
    rewriteUrl: ({ url = '/' }) => (url.startsWith('/v1/') ? url.slice('/v1'.length) : url),
    clientErrorHandler: answerClientError,
    genReqId: () => `req_${randomUUID()}`,
    // A malformed path is refused before any hook runs, so it is counted here.
    frameworkErrors: (error, request, reply) => {
      metrics.http.track(request, reply);
      reply.header(REQUEST_ID_HEADER, request.id);
      answerError(
        new ApiError(
          // Fastify's message quotes the whole URL, and its query may hold a key.
          { status: 400, message: 'The request URL is not valid.', type: 'invalid_request_error' },
          { cause: error },
        ),
        request,
        reply,
      );
    },
  });
  metrics.http.meter(app);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header(REQUEST_ID_HEADER, request.id);
    done();
  });
  answerErrors(app);
  return app;
}

/**
 * Builds the service without listening: the one door to it. Closing the app ends its database
 * connections. Throws ConfigError when the price table or the master keys are not usable.
 */
export async function build(
  config: Config,
  dependencies: Dependencies = {},
): Promise<FastifyInstance> {
  const { nowMs = () => performance.now() } = dependencies;
  const registry = createRegistry(config);
  const catalogue = await loadCatalogue(config.pricesFile, { providers: [...registry.keys()] });
  const metrics = createMetrics({
    providers: [...registry.keys()],
    catalogue,
    isTesting: config.isTesting,
    nowMs,
  });
  const app = createServer(config, metrics);
  await serveOpenApi(app);
  const database = openDatabase(config.databaseUrl, {
    onIdleError: (error) => app.log.warn(error.message),
    onQuery: metrics.database.countQuery,
    nowMs,
  });
  metrics.database.watchPool(database.pool);
  const pendingWork = new PendingWork();
  app.addHook('onClose', async () => {
    await pendingWork.settle();
    await database.close();
  });
  const { pool, kysely } = database;

  const userCache = new UserCache();
  const findUser = createFindUser({
    pool,
    isTesting: config.isTesting,
    cache: userCache,
    onLookup: metrics.countLookup,
  });
  const limit = await createRequestLimit(app, {
    perMinute: config.limits.requestsPerMinute,
    onLimited: () => metrics.limits.countLimited('rate'),
  });
  const authenticate = createAuthenticate(findUser, limit);
  addHealthRoute(app, pool);
  addMetricsRoute(app, metrics.snapshots);
  addSummaryRoute(app, { snapshots: metrics.snapshots, pool });
  addUserSettingsRoutes(app, {
    authenticate,
    kysely,
    onChanged: (user) => userCache.forget(user),
  });
  const findCredential = await addCredentials(app, {
    config,
    keyManagement: dependencies.keyManagement ?? createKeyManagement(config.keyManagement),
    database,
    registry,
    metrics: metrics.credentials,
    authenticate,
  });
  const runInference = addInference(app, {
    config,
    pool,
    authenticate,
    catalogue,
    findCredential,
    registry,
    metrics,
    pendingWork,
    nowMs,
  });
  addAgentRoutes(app, { authenticate, kysely, runInference, pendingWork });
  return app;
}
