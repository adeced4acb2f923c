import { z } from 'zod';
import { credentialSettings } from './credential-settings.ts';
import type { CredentialRow } from './credential-store.ts';
import { maskKey } from './mask-key.ts';
import type { ReadKey } from './read-key.ts';

/** A credential as its owner sees it. */
export const credentialAnswer = z
  .object({
    object: z.literal('llm_credential'),
    id: z.uuid(),
    provider: z.string(),
    name: z.string(),
    status: z.enum(['ready', 'unreadable']),
    masked_key: z.string().nullable().describe('At most the last four characters of the key.'),
    is_default: z.boolean(),
    settings: credentialSettings,
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Credential' });

export type CredentialView = (row: CredentialRow) => z.infer<typeof credentialAnswer>;

/** The mask is made of the key itself, so nothing of the key lies in the database in clear. */
export function createCredentialView(readKey: ReadKey): CredentialView {
  return (row) => {
    const apiKey = readKey(row);
    return {
      object: 'llm_credential',
      id: row.id,
      provider: row.provider,
      name: row.name,
      status: apiKey === undefined ? 'unreadable' : 'ready',
      masked_key: apiKey === undefined ? null : maskKey(apiKey),
      is_default: row.is_default,
      settings: row.settings,
      created_at: row.created_at.toISOString(),
      updated_at: row.updated_at.toISOString(),
    };
  };
}
