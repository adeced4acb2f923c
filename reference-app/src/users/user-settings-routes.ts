import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseBody } from '../credentials/credential-requests.ts';
import type { Database } from '../database/database.ts';
import { userOf } from './authenticate.ts';

const settingsSchema = z.strictObject({ always_own_key: z.boolean().optional() });

interface UserSettingsOptions {
  readonly authenticate: (request: FastifyRequest) => Promise<void>;
  readonly kysely: Database['kysely'];
}

/** /user-settings: whether the system's key may pay for what the user has no key for. */
export function addUserSettingsRoutes(
  app: FastifyInstance,
  { authenticate, kysely }: UserSettingsOptions,
): void {
  app.get('/user-settings', { onRequest: authenticate }, (request) =>
    kysely
      .selectFrom('users')
      .select('always_own_key')
      .where('id', '=', userOf(request).id)
      .executeTakeFirstOrThrow(),
  );
  app.patch('/user-settings', { onRequest: authenticate }, (request) => {
    const { always_own_key } = parseBody(settingsSchema, request.body);
    return kysely
      .updateTable('users')
      .set((column) => ({ always_own_key: always_own_key ?? column.ref('always_own_key') }))
      .where('id', '=', userOf(request).id)
      .returning('always_own_key')
      .executeTakeFirstOrThrow();
  });
}
