import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Snapshots } from './snapshot.ts';

const schema = {
  summary: 'The registry as Prometheus text',
  security: [],
  response: { 200: { content: { 'text/plain': { schema: z.string() } } } },
};

/** GET /metrics: the registry as Prometheus text. */
export function addMetricsRoute(app: FastifyInstance, snapshots: Snapshots): void {
  app.get('/metrics', { schema, config: { isMetered: false } }, async (_request, reply) => {
    reply.type(snapshots.contentType);
    return snapshots.text();
  });
}
