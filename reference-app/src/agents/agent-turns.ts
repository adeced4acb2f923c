import { type Kysely, sql } from 'kysely';
import type { Schema } from '../database/schema.ts';
import { ApiError } from '../errors/api-error.ts';
import type { AgentStore, MessageRow, SessionRow } from './agent-store.ts';

const MESSAGES_MAX = 1_000;

/** One turn at a time: what is said, and what is answered to it. */
export interface AgentTurns {
  /** Takes the session for one turn. Throws ApiError 409 while another turn has it. */
  claim(userId: string, id: string): Promise<SessionRow>;
  release(sessionId: string): Promise<void>;
  /** Adds both halves of a turn or none; gives the second. */
  addTurn(sessionId: string, turn: { said: string; answered: string }): Promise<MessageRow>;
}

export function createAgentTurns(
  kysely: Kysely<Schema>,
  store: Pick<AgentStore, 'get'>,
): AgentTurns {
  return {
    claim: async (userId, id) => {
      const claimed = await kysely
        .updateTable('agent_sessions')
        // Longer than any answer takes; it only ends by itself when the process has died.
        .set({ busy_until: sql`now() + interval '15 minutes'` })
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .where((is) =>
          is.or([is('busy_until', 'is', null), is('busy_until', '<', sql<Date>`now()`)]),
        )
        .returningAll()
        .executeTakeFirst();
      if (claimed !== undefined) return claimed;
      await store.get(userId, id);
      throw refuse('session_busy', 'The session is answering something else.');
    },
    release: async (sessionId) => {
      await kysely
        .updateTable('agent_sessions')
        .set({ busy_until: null })
        .where('id', '=', sessionId)
        .execute();
    },
    addTurn: (sessionId, { said, answered }) =>
      kysely.transaction().execute(async (transaction) => {
        const { last } = await transaction
          .selectFrom('agent_messages')
          .select(sql<number>`coalesce(max(position), 0)`.as('last'))
          .where('session_id', '=', sessionId)
          .executeTakeFirstOrThrow();
        const turn = [
          { session_id: sessionId, position: last + 1, role: 'user' as const, content: said },
          {
            session_id: sessionId,
            position: last + 2,
            role: 'assistant' as const,
            content: answered,
          },
        ];
        const rows = await transaction
          .insertInto('agent_messages')
          .values(turn)
          .returningAll()
          .execute();
        return rows[1] ?? Promise.reject(new Error('The database returned no rows.'));
      }),
  };
}

/** Throws ApiError 409 when nothing more fits into the session. */
export function requireRoom({ length }: readonly MessageRow[]): void {
  if (length + 2 > MESSAGES_MAX)
    throw refuse('session_full', `A session holds ${MESSAGES_MAX} messages; start another.`);
}

function refuse(code: string, message: string): ApiError {
  return new ApiError({ status: 409, message, type: 'invalid_request_error', code });
}
