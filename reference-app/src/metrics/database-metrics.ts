import type pg from 'pg';
import type { Registry } from 'prom-client';
import { roundDurationSeconds } from '../accounting/round-duration.ts';
import { type OnQuery, QUERY_OUTCOMES } from '../database/meter-pool.ts';
import { createCounter, createHistogram, createLabelledGauge } from './instruments.ts';

const DURATION_BUCKETS = [
  0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

export interface DatabaseMetrics {
  readonly countQuery: OnQuery;
  /** Shows the pool's connections from now on, at every reading as they are. */
  watchPool(pool: Pick<pg.Pool, 'totalCount' | 'idleCount'>): void;
}

/** Registers the metrics of the database as this process meets it. */
export function createDatabaseMetrics(registry: Registry): DatabaseMetrics {
  const queries = createCounter(registry, {
    name: 'byom_database_queries_total',
    help: 'Queries that ended; error: also those for which no connection could be had.',
    labelNames: ['outcome'],
  });
  const duration = createHistogram(registry, {
    name: 'byom_database_query_duration_seconds',
    help: 'Time from asking a query to its end.',
    labelNames: [],
    buckets: DURATION_BUCKETS,
  });
  for (const outcome of QUERY_OUTCOMES) queries.add({ outcome }, 0);
  return {
    countQuery: (outcome, seconds) => {
      queries.add({ outcome }, 1);
      duration.observe({}, roundDurationSeconds(seconds));
    },
    watchPool: (pool) => {
      const connections = createLabelledGauge(registry, {
        name: 'byom_database_pool_connections',
        help: 'Open connections to the database.',
        labelNames: ['state'],
        collect: () => {
          connections.set({ state: 'in_use' }, pool.totalCount - pool.idleCount);
          connections.set({ state: 'idle' }, pool.idleCount);
        },
      });
    },
  };
}
