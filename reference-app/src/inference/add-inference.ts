import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import type { PendingWork } from '../accounting/pending-work.ts';
import { createRecordUsage } from '../accounting/record-usage.ts';
import type { Config } from '../config.ts';
import { StreamSlots } from '../limits/stream-slots.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Authenticate } from '../users/authenticate.ts';
import type { TargetDependencies } from './choose-target.ts';
import { addInferenceRoutes } from './inference-routes.ts';
import { ResponseCache } from './response-cache.ts';
import { createRunInference, type RunInference } from './run-inference.ts';

interface InferenceOptions extends Omit<TargetDependencies, 'systemDefaultModel'> {
  readonly config: Config;
  readonly pool: pg.Pool;
  readonly authenticate: Authenticate;
  readonly metrics: Metrics;
  readonly pendingWork: PendingWork;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/** Adds the endpoints that ask a model; gives what asks one without an endpoint of its own. */
export function addInference(app: FastifyInstance, options: InferenceOptions): RunInference {
  const { config, pool, metrics, authenticate, pendingWork, nowMs } = options;
  const { limits, cacheTtlMs, systemDefaultModel } = config;
  const runInference = createRunInference({
    ...options,
    systemDefaultModel,
    recordUsage: createRecordUsage({ pool, onCommitted: metrics.countUsage }),
    cache: new ResponseCache({ ttlMs: cacheTtlMs, nowMs }),
    metrics: { ...metrics.inference, ...metrics.limits },
  });
  const streamSlots = new StreamSlots({
    perUser: limits.streamsPerUser,
    onLimited: () => metrics.limits.countLimited('streams'),
  });
  const providerIdleMs = limits.providerIdleMs;
  addInferenceRoutes(app, { authenticate, runInference, pendingWork, streamSlots, providerIdleMs });
  return runInference;
}
