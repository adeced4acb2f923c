import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { UsageEvent } from '../accounting/usage-event.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { LookupSource } from '../users/find-user.ts';
import { VERSION } from '../version.ts';
import { createBusinessMetrics } from './business-metrics.ts';
import { type CredentialMetrics, createCredentialMetrics } from './credential-metrics.ts';
import { createDatabaseMetrics, type DatabaseMetrics } from './database-metrics.ts';
import { createHealthScores } from './health-scores.ts';
import { createHttpMetrics, type HttpMetrics } from './http-metrics.ts';
import { createInferenceMetrics, type InferenceMetrics } from './inference-metrics.ts';
import { createCounter, createGauge } from './instruments.ts';
import { createLimitMetrics, type LimitMetrics } from './limit-metrics.ts';
import { createSnapshots, type Snapshots } from './snapshot.ts';
import { createUsageMetrics } from './usage-metrics.ts';

/** Everything the service exports. Each function moves metrics by one thing that happened. */
export interface Metrics {
  readonly http: HttpMetrics;
  readonly snapshots: Snapshots;
  readonly credentials: CredentialMetrics;
  readonly inference: InferenceMetrics;
  readonly limits: LimitMetrics;
  readonly database: DatabaseMetrics;
  countUsage(event: UsageEvent): void;
  countLookup(source: LookupSource): void;
}

interface MetricsOptions {
  /** The names of all providers. */
  readonly providers: readonly string[];
  readonly catalogue: Catalogue;
  readonly isTesting: boolean;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

function createLookupCounter(registry: Registry): Metrics['countLookup'] {
  const counter = createCounter(registry, {
    name: 'byom_user_lookups_total',
    help: 'Look-ups of a service key, by where the answer came from.',
    labelNames: ['source'],
  });
  for (const source of ['cache', 'database']) counter.add({ source }, 0);
  return (source) => counter.add({ source }, 1);
}

function registerFacts(registry: Registry, { catalogue, isTesting }: MetricsOptions): void {
  createGauge(registry, 'byom_catalogue_models', 'Models in the price table.').set(
    catalogue.models.length,
  );
  createGauge(registry, 'byom_production', '1 in production mode, else 0.').set(isTesting ? 0 : 1);
  new Gauge({
    name: 'byom_build_info',
    help: 'Always 1; the label is the version that runs.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version: VERSION }, 1);
}

/** Creates a registry of its own, so that several services can live in one process. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const http = createHttpMetrics(registry, options.nowMs);
  const health = createHealthScores(registry, options);
  const showBusiness = createBusinessMetrics(registry);
  const moveUsage = createUsageMetrics(registry, options.catalogue);
  const metrics: Metrics = {
    http,
    snapshots: createSnapshots(registry, (business) => {
      http.freeze();
      health.freeze();
      showBusiness(business);
    }),
    credentials: createCredentialMetrics(registry, options.providers),
    inference: createInferenceMetrics(registry, options.providers),
    limits: createLimitMetrics(registry),
    database: createDatabaseMetrics(registry),
    countUsage: (event) => {
      moveUsage(event);
      health.count(event);
    },
    countLookup: createLookupCounter(registry),
  };
  registerFacts(registry, options);
  collectDefaultMetrics({ register: registry });
  return metrics;
}
