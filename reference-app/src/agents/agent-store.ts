import type { Kysely, Selectable } from 'kysely';
import { createNotFound } from '../credentials/credential-requests.ts';
import type { Schema } from '../database/schema.ts';
import { createNoSession } from './agent-declarations.ts';

export type SessionRow = Selectable<Schema['agent_sessions']>;
export type MessageRow = Selectable<Schema['agent_messages']>;

const SESSIONS_LISTED_MAX = 100;

interface NewSession {
  readonly model?: string | undefined;
  readonly credential_id?: string | undefined;
  readonly instructions?: string | undefined;
}

/** Sessions of one user; every function throws ApiError 404 for what is not the user's. */
export interface AgentStore {
  create(userId: string, session: NewSession): Promise<SessionRow>;
  list(userId: string): Promise<SessionRow[]>;
  get(userId: string, id: string): Promise<SessionRow>;
  /** In their order. */
  messages(sessionId: string): Promise<MessageRow[]>;
}

export function createAgentStore(kysely: Kysely<Schema>): AgentStore {
  const get: AgentStore['get'] = (userId, id) =>
    kysely
      .selectFrom('agent_sessions')
      .selectAll()
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow(createNoSession);

  const messages: AgentStore['messages'] = (sessionId) =>
    kysely
      .selectFrom('agent_messages')
      .selectAll()
      .where('session_id', '=', sessionId)
      .orderBy('position')
      .execute();

  return {
    get,
    messages,
    create: async (userId, { credential_id, ...session }) => {
      if (credential_id !== undefined) await requireCredential(kysely, userId, credential_id);
      return kysely
        .insertInto('agent_sessions')
        .values({ ...session, user_id: userId, credential_id: credential_id ?? null })
        .returningAll()
        .executeTakeFirstOrThrow();
    },
    list: (userId) =>
      kysely
        .selectFrom('agent_sessions')
        .selectAll()
        .where('user_id', '=', userId)
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(SESSIONS_LISTED_MAX)
        .execute(),
  };
}

async function requireCredential(
  kysely: Kysely<Schema>,
  userId: string,
  id: string,
): Promise<void> {
  await kysely
    .selectFrom('credentials')
    .select('id')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow(createNotFound);
}
