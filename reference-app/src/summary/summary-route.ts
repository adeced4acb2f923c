import type { FastifyInstance } from 'fastify';
import type { Snapshots } from '../metrics/snapshot.ts';
import { summariseHttp } from './http-summary.ts';
import { summariseModels } from './models-summary.ts';

/** GET /prometheus/metrics/summary: real numbers from one snapshot of the registry. */
export function addSummaryRoute(app: FastifyInstance, snapshots: Snapshots): void {
  app.get('/prometheus/metrics/summary', { config: { isMetered: false } }, async () => {
    const snapshot = await snapshots.take();
    return {
      epoch: snapshot.epoch,
      http_summary: summariseHttp(snapshot),
      models_summary: summariseModels(snapshot),
    };
  });
}
