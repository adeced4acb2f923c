import { expect } from 'vitest';
import { z } from 'zod';
import type { ServiceUser } from '#contracts/testing/service-user.ts';

/** A credential as its owner sees it. */
const storedCredential = z.strictObject({
  object: z.literal('llm_credential'),
  id: z.uuid(),
  provider: z.literal('openai'),
  name: z.string(),
  status: z.enum(['ready', 'unreadable']),
  masked_key: z
    .string()
    .regex(/^\*{4}.{0,4}$/)
    .nullable(),
  is_default: z.boolean(),
  settings: z.record(z.string(), z.unknown()),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

export type StoredCredential = z.infer<typeof storedCredential>;

/** Stores a credential that must be accepted. */
export async function storeCredential(
  user: ServiceUser,
  credential: { api_key: string; [field: string]: unknown },
): Promise<StoredCredential> {
  const body = { provider: 'openai', ...credential };
  const answer = await user.call('POST', '/llm-credentials', body);
  expect(answer.status, answer.text).toBe(201);
  return storedCredential.parse(answer.body);
}

/** Lists the user's credentials, as the given instance of the service sees them. */
export async function listCredentials(
  user: ServiceUser,
  options: { url?: string } = {},
): Promise<StoredCredential[]> {
  const answer = await user.call('GET', '/llm-credentials', undefined, options);
  expect(answer.status, answer.text).toBe(200);
  return z
    .strictObject({ object: z.literal('list'), data: z.array(storedCredential) })
    .parse(answer.body).data;
}

/** An error in OpenAI's envelope with this code. */
export function errorBody(code: string): object {
  return { error: expect.objectContaining({ code, message: expect.any(String) }) };
}
