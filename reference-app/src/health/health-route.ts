import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { z } from 'zod';
import type { Query } from '../database/meter-pool.ts';

const ASK: Query = { text: 'select 1', isMetered: false };

const schema = {
  summary: 'Whether the database answers',
  security: [],
  response: {
    200: z.object({ status: z.literal('ok') }),
    503: z.object({ status: z.literal('unavailable'), reason: z.string() }),
  },
};

/** GET /health: 200 when the database answers, else 503. */
export function addHealthRoute(app: FastifyInstance, pool: pg.Pool): void {
  app.get('/health', { schema, config: { isMetered: false } }, async (_request, reply) => {
    try {
      await pool.query(ASK);
      return { status: 'ok' };
    } catch {
      return reply
        .code(503)
        .send({ status: 'unavailable', reason: 'The database does not answer.' });
    }
  });
}
