import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseBody } from '../credentials/credential-requests.ts';
import type { Database } from '../database/database.ts';
import { type Authenticate, userOf } from './authenticate.ts';

const settingsSchema = z.strictObject({
  always_own_key: z.boolean().optional(),
  cache_answers: z.boolean().optional(),
});

interface UserSettingsOptions {
  readonly authenticate: Authenticate;
  readonly kysely: Database['kysely'];
}

const COLUMNS = ['always_own_key', 'cache_answers'] as const;

/** /user-settings: whether the system's key may pay for the user, and answers be remembered. */
export function addUserSettingsRoutes(
  app: FastifyInstance,
  { authenticate, kysely }: UserSettingsOptions,
): void {
  app.get('/user-settings', { onRequest: authenticate }, (request) =>
    kysely
      .selectFrom('users')
      .select(COLUMNS)
      .where('id', '=', userOf(request).id)
      .executeTakeFirstOrThrow(),
  );
  app.patch('/user-settings', { onRequest: authenticate }, (request) => {
    const { always_own_key, cache_answers } = parseBody(settingsSchema, request.body);
    return kysely
      .updateTable('users')
      .set((column) => ({
        always_own_key: always_own_key ?? column.ref('always_own_key'),
        cache_answers: cache_answers ?? column.ref('cache_answers'),
      }))
      .where('id', '=', userOf(request).id)
      .returning(COLUMNS)
      .executeTakeFirstOrThrow();
  });
}
