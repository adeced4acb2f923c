import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Database } from '../database/database.ts';
import type { ZodTypes } from '../openapi/zod-schemas.ts';
import { type Authenticate, userOf } from './authenticate.ts';
import type { User } from './user.ts';

const settings = z.strictObject({
  always_own_key: z.boolean().describe('The key of the service never pays for this user.'),
  cache_answers: z.boolean().describe('The same call again is answered from memory.'),
});
const READ = { summary: 'The settings of the user', response: { 200: settings } };
const CHANGE = {
  summary: 'Change settings of the user',
  body: settings.partial(),
  response: { 200: settings },
};

interface UserSettingsOptions {
  readonly authenticate: Authenticate;
  readonly kysely: Database['kysely'];
  readonly onChanged: (user: User) => void;
}

const COLUMNS = ['always_own_key', 'cache_answers'] as const;

/** /user-settings: whether the system's key may pay for the user, and answers be remembered. */
export function addUserSettingsRoutes(
  app: FastifyInstance,
  { authenticate, kysely, onChanged }: UserSettingsOptions,
): void {
  const routes = app.withTypeProvider<ZodTypes>();
  routes.get('/user-settings', { schema: READ, onRequest: authenticate }, (request) =>
    kysely
      .selectFrom('users')
      .select(COLUMNS)
      .where('id', '=', userOf(request).id)
      .executeTakeFirstOrThrow(),
  );
  routes.patch('/user-settings', { schema: CHANGE, onRequest: authenticate }, async (request) => {
    const user = userOf(request);
    const { always_own_key, cache_answers } = request.body;
    const changed = await kysely
      .updateTable('users')
      .set((column) => ({
        always_own_key: always_own_key ?? column.ref('always_own_key'),
        cache_answers: cache_answers ?? column.ref('cache_answers'),
      }))
      .where('id', '=', user.id)
      .returning(COLUMNS)
      .executeTakeFirstOrThrow();
    onChanged(user);
    return changed;
  });
}
