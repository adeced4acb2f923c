import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Snapshots } from '../metrics/snapshot.ts';
import { httpSummary, summariseHttp } from './http-summary.ts';
import { modelsSummary, summariseModels } from './models-summary.ts';

const schema = {
  summary: 'Real numbers from one snapshot of the registry',
  security: [],
  response: {
    200: z.object({
      epoch: z.int(),
      http_summary: httpSummary,
      models_summary: modelsSummary,
    }),
  },
};

/** GET /prometheus/metrics/summary: real numbers from one snapshot of the registry. */
export function addSummaryRoute(app: FastifyInstance, snapshots: Snapshots): void {
  app.get('/prometheus/metrics/summary', { schema, config: { isMetered: false } }, async () => {
    const snapshot = await snapshots.take();
    return {
      epoch: snapshot.epoch,
      http_summary: summariseHttp(snapshot),
      models_summary: summariseModels(snapshot),
    };
  });
}
