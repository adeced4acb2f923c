import { z } from 'zod';
import { storableText } from '../database/storable-text.ts';
import { ApiError } from '../errors/api-error.ts';
import { idOf } from '../openapi/zod-schemas.ts';
import { credentialSettings } from './credential-settings.ts';
import { isMask } from './mask-key.ts';

// Visible ASCII: a key becomes a header. The limits keep a file or a word from being stored.
const apiKey = z
  .string()
  .trim()
  .refine((text) => !isMask(text), {
    error: 'is a mask, not a key',
    params: { code: 'masked_key' },
  })
  .regex(/^[\x21-\x7e]{8,512}$/, { error: 'must be a key of 8 to 512 visible characters' });
const name = storableText.trim().min(1).max(100);
const provider = z.string().min(1).max(64);

/** The bodies of the credential routes. Which settings a provider knows is judged later. */
export const credentialBodies = {
  create: z.strictObject({
    provider,
    api_key: apiKey,
    name: name.default('default'),
    is_default: z.boolean().default(false),
    settings: credentialSettings.default({}),
  }),
  update: z.strictObject({ name: name.optional(), settings: credentialSettings.optional() }),
  replaceKey: z.strictObject({ api_key: apiKey }),
  validate: z.strictObject({ provider, api_key: apiKey, settings: credentialSettings.default({}) }),
} as const;

/** Of a path, a header or a body. */
export const credentialId = idOf(createNotFound);

/** The paths with an id. */
export const withId = z.object({ id: credentialId });

/** Another user's credential, a deleted one and none at all answer alike. */
export function createNotFound(): ApiError {
  return new ApiError({
    status: 404,
    message: 'There is no such credential.',
    type: 'invalid_request_error',
    code: 'credential_not_found',
  });
}
