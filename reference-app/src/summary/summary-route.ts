import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { z } from 'zod';
import { readBusiness } from '../database/read-business.ts';
import { ApiError } from '../errors/api-error.ts';
import type { Snapshot, Snapshots } from '../metrics/snapshot.ts';
import { summariseBusiness } from './business-summary.ts';
import { summariseDatabase } from './database-summary.ts';
import { summariseHttp } from './http-summary.ts';
import { summariseModels } from './models-summary.ts';
import { summariseProviders } from './providers-summary.ts';

/** The parts of the summary by the category that asks for one of them alone. */
const PARTS = {
  http: (snapshot: Snapshot) => ({ http_summary: summariseHttp(snapshot) }),
  models: (snapshot: Snapshot) => ({ models_summary: summariseModels(snapshot) }),
  providers: (snapshot: Snapshot) => ({ providers_summary: summariseProviders(snapshot) }),
  database: (snapshot: Snapshot) => ({ database_summary: summariseDatabase(snapshot) }),
  business: (snapshot: Snapshot) => ({ business_summary: summariseBusiness(snapshot) }),
};
type Category = keyof typeof PARTS;
const CATEGORIES = Object.keys(PARTS) as Category[];

const querySchema = z.object({ category: z.enum(CATEGORIES).optional() });

function parseCategories(query: unknown): readonly Category[] {
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) {
    throw new ApiError({
      status: 400,
      message: `Invalid query: category: must be one of ${CATEGORIES.join(', ')}.`,
      type: 'invalid_request_error',
      param: 'category',
      code: 'invalid_query',
    });
  }
  const { category } = parsed.data;
  return category === undefined ? CATEGORIES : [category];
}

interface SummaryOptions {
  readonly snapshots: Snapshots;
  readonly pool: pg.Pool;
}

/** GET /prometheus/metrics/summary: real numbers, all of them from one snapshot. */
export function addSummaryRoute(app: FastifyInstance, { snapshots, pool }: SummaryOptions): void {
  app.get('/prometheus/metrics/summary', { config: { isMetered: false } }, async (request) => {
    const categories = parseCategories(request.query);
    const business = await readBusiness(pool).catch((error: unknown) => {
      const cause = error instanceof Error ? error.message : undefined;
      request.log.warn({ cause }, 'the summary could not ask the database');
      return undefined;
    });
    const snapshot = await snapshots.take(business);
    const isBusinessMissing = business === undefined && categories.includes('business');
    return {
      epoch: snapshot.epoch,
      ...Object.assign({}, ...categories.map((category) => PARTS[category](snapshot))),
      // Why a part's fields are null.
      ...(isBusinessMissing && {
        unavailable: { business_summary: 'The database does not answer.' },
      }),
    };
  });
}
