import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { z } from 'zod';

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
      await pool.query('select 1');
      return { status: 'ok' };
    } catch {
      return reply
        .code(503)
        .send({ status: 'unavailable', reason: 'The database does not answer.' });
    }
  });
}
