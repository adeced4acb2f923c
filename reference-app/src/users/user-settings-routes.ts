import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Database } from '../database/database.ts';
import type { ZodTypes } from '../openapi/zod-schemas.ts';
import { userOf } from './authenticate.ts';

const settings = z.strictObject({
  always_own_key: z.boolean().describe('The key of the service never pays for this user.'),
});
const READ = { summary: 'The settings of the user', response: { 200: settings } };
const CHANGE = {
  summary: 'Change settings of the user',
  body: settings.partial(),
  response: { 200: settings },
};

interface UserSettingsOptions {
  readonly authenticate: (request: FastifyRequest) => Promise<void>;
  readonly kysely: Database['kysely'];
}

/** /user-settings: whether the system's key may pay for what the user has no key for. */
export function addUserSettingsRoutes(
  app: FastifyInstance,
  { authenticate, kysely }: UserSettingsOptions,
): void {
  const routes = app.withTypeProvider<ZodTypes>();
  routes.get('/user-settings', { schema: READ, onRequest: authenticate }, (request) =>
    kysely
      .selectFrom('users')
      .select('always_own_key')
      .where('id', '=', userOf(request).id)
      .executeTakeFirstOrThrow(),
  );
  routes.patch('/user-settings', { schema: CHANGE, onRequest: authenticate }, (request) => {
    const { always_own_key } = request.body;
    return kysely
      .updateTable('users')
      .set((column) => ({ always_own_key: always_own_key ?? column.ref('always_own_key') }))
      .where('id', '=', userOf(request).id)
      .returning('always_own_key')
      .executeTakeFirstOrThrow();
  });
}
