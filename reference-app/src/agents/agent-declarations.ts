import { z } from 'zod';
import { credentialId } from '../credentials/credential-requests.ts';
import { storableText } from '../database/storable-text.ts';
import { ApiError } from '../errors/api-error.ts';
import { ANSWER_HEADERS } from '../inference/answer-headers.ts';
import { idOf } from '../openapi/zod-schemas.ts';

const CONTENT_CHARACTERS_MAX = 100_000;

const withId = z.object({ id: idOf(createNoSession) });
const text = storableText.min(1).max(CONTENT_CHARACTERS_MAX);

const session = z.object({
  object: z.literal('agent.session'),
  id: z.string(),
  model: z.string().nullable(),
  credential_id: z.string().nullable(),
  instructions: z.string().nullable(),
  created_at: z.string(),
});

const message = z.object({
  object: z.literal('agent.message'),
  position: z.int().describe('1, 2, … within the session.'),
  role: z.enum(['user', 'assistant']),
  content: z.string(),
});

export type SessionAnswer = z.infer<typeof session>;
export type MessageAnswer = z.infer<typeof message>;

/** What each route takes and answers: its validation and its part of the document. */
export const agentRoutes = {
  create: {
    summary: 'Start a session',
    body: z.strictObject({
      model: storableText
        .min(1)
        .max(256)
        .optional()
        .describe("Else the credential's default model."),
      credential_id: credentialId.optional().describe("Else the user's default one."),
      instructions: text.optional(),
    }),
    response: { 201: session },
    errors: [404],
  },
  list: {
    summary: 'The newest 100 sessions of the user',
    response: { 200: z.object({ object: z.literal('list'), data: z.array(session) }) },
  },
  get: {
    summary: 'A session and what was said in it',
    params: withId,
    response: { 200: session.extend({ messages: z.array(message) }) },
  },
  say: {
    summary: 'Say something and get the answer',
    params: withId,
    body: z.strictObject({ content: text }),
    response: { 200: message },
    errors: ['4XX', '5XX'],
    answerHeaders: ANSWER_HEADERS,
  },
} as const;

/** Another user's session and none at all answer alike. */
export function createNoSession(): ApiError {
  return new ApiError({
    status: 404,
    message: 'There is no such session.',
    type: 'invalid_request_error',
    code: 'session_not_found',
  });
}
