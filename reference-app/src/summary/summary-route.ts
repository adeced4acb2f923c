import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { z } from 'zod';
import { readBusiness } from '../database/read-business.ts';
import type { Snapshot, Snapshots } from '../metrics/snapshot.ts';
import type { ZodTypes } from '../openapi/zod-schemas.ts';
import { businessSummary, summariseBusiness } from './business-summary.ts';
import { databaseSummary, summariseDatabase } from './database-summary.ts';
import { httpSummary, summariseHttp } from './http-summary.ts';
import { modelsSummary, summariseModels } from './models-summary.ts';
import { providersSummary, summariseProviders } from './providers-summary.ts';

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

const schema = {
  summary: 'Real numbers, all of them from one snapshot of the registry',
  security: [],
  querystring: z.object({
    category: z
      .enum(CATEGORIES, { error: `must be one of ${CATEGORIES.join(', ')}` })
      .optional()
      .describe('This part alone.'),
  }),
  response: {
    200: z
      .object({
        http_summary: httpSummary,
        models_summary: modelsSummary,
        providers_summary: providersSummary,
        database_summary: databaseSummary,
        business_summary: businessSummary,
        unavailable: z
          .object({ business_summary: z.string() })
          .describe('Why the fields of a part are null.'),
      })
      .partial()
      .extend({ epoch: z.int().describe('How often the summary has been read.') }),
  },
};

interface SummaryOptions {
  readonly snapshots: Snapshots;
  readonly pool: pg.Pool;
}

/** GET /prometheus/metrics/summary: real numbers, all of them from one snapshot. */
export function addSummaryRoute(app: FastifyInstance, { snapshots, pool }: SummaryOptions): void {
  const routes = app.withTypeProvider<ZodTypes>();
  const options = { schema, config: { isMetered: false } } as const;
  routes.get('/prometheus/metrics/summary', options, async (request) => {
    const { category } = request.query;
    const categories = category === undefined ? CATEGORIES : [category];
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
