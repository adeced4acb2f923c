import { randomUUID } from 'node:crypto';
import fastify, { type FastifyInstance, LogController } from 'fastify';
import { PendingWork } from './accounting/pending-work.ts';
import { createRecordUsage } from './accounting/record-usage.ts';
import { loadCatalogue } from './catalogue/catalogue.ts';
import type { Config } from './config.ts';
import { createFindCredential } from './credentials/find-credential.ts';
import { createKeyRing } from './credentials/key-ring.ts';
import { openDatabase } from './database/database.ts';
import { answerError, answerErrors } from './errors/answer-errors.ts';
import { ApiError } from './errors/api-error.ts';
import { addHealthRoute } from './health/health-route.ts';
import { addChatRoute } from './inference/chat-route.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { addMetricsRoute } from './metrics/metrics-route.ts';
import { createRegistry } from './providers/registry.ts';
import { addSummaryRoute } from './summary/summary-route.ts';
import { createAuthenticate } from './users/authenticate.ts';
import { createFindUser } from './users/find-user.ts';

const BODY_LIMIT_BYTES = 10 * 1024 * 1024;

/** What a test may replace; everything else is real. */
export interface Dependencies {
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number;
}

function createServer(config: Config, metrics: Metrics): FastifyInstance {
  const app = fastify({
    logger: { level: config.logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    genReqId: () => `req_${randomUUID()}`,
    // A malformed path is refused before any hook runs, so it is counted here.
    frameworkErrors: (error, request, reply) => {
      metrics.http.track(request, reply);
      answerError(
        new ApiError({ status: 400, message: error.message, type: 'invalid_request_error' }),
        request,
        reply,
      );
    },
  });
  metrics.http.meter(app);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
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
  const keyRing = createKeyRing(config.masterKeys);
  const catalogue = await loadCatalogue(config.pricesFile);
  const metrics = createMetrics({ catalogue, isTesting: config.isTesting, nowMs });
  const app = createServer(config, metrics);
  const database = openDatabase(config.databaseUrl, (error) => app.log.warn(error.message));
  const pendingWork = new PendingWork();
  app.addHook('onClose', async () => {
    await pendingWork.settle();
    await database.close();
  });
  const { pool } = database;
  const registry = createRegistry(config);

  const findUser = createFindUser({
    pool,
    isTesting: config.isTesting,
    onLookup: metrics.countLookup,
  });
  addHealthRoute(app, pool);
  addMetricsRoute(app, metrics.snapshots);
  addSummaryRoute(app, metrics.snapshots);
  addChatRoute(app, {
    authenticate: createAuthenticate(findUser),
    catalogue,
    findCredential: createFindCredential({
      pool,
      keyRing,
      systemKeyOf: (provider) => registry.get(provider)?.systemKey,
    }),
    registry,
    recordUsage: createRecordUsage({ pool, onCommitted: metrics.countUsage }),
    metrics,
    pendingWork,
    nowMs,
  });
  return app;
}
