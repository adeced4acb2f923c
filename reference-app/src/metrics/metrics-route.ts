import type { FastifyInstance } from 'fastify';
import type { Snapshots } from './snapshot.ts';

/** GET /metrics: the registry as Prometheus text. */
export function addMetricsRoute(app: FastifyInstance, snapshots: Snapshots): void {
  app.get('/metrics', { config: { isMetered: false } }, async (_request, reply) => {
    reply.type(snapshots.contentType);
    return snapshots.text();
  });
}
