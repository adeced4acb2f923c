import { z } from 'zod';
import { ApiError } from '../errors/api-error.ts';
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
const name = z.string().trim().min(1).max(100);
const provider = z.string().min(1).max(64);
const settings = z.unknown();

/** The bodies of the credential routes. Settings are judged later, when the provider is known. */
export const credentialBodies = {
  create: z.strictObject({
    provider,
    api_key: apiKey,
    name: name.default('default'),
    is_default: z.boolean().default(false),
    settings: settings.default({}),
  }),
  update: z.strictObject({ name: name.optional(), settings: settings.optional() }),
  replaceKey: z.strictObject({ api_key: apiKey }),
  validate: z.strictObject({ provider, api_key: apiKey, settings: settings.default({}) }),
} as const;

/** Parses a body from outside. Throws ApiError 422 that names the field, never its value. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const param = issue?.path.join('.') ?? '';
  const code = issue?.code === 'custom' ? issue.params?.['code'] : undefined;
  throw new ApiError({
    status: 422,
    message: `Invalid request body: ${param === '' ? '' : `${param}: `}${issue?.message ?? 'not valid'}.`,
    type: 'invalid_request_error',
    param: param === '' ? null : param,
    code: typeof code === 'string' ? code : 'invalid_body',
  });
}

const uuid = z.uuid();

/** An id from a path or a header; what is no id names no credential. */
export function parseCredentialId(text: unknown): string {
  const parsed = uuid.safeParse(text);
  if (parsed.success) return parsed.data;
  throw createNotFound();
}

/** Another user's credential, a deleted one and none at all answer alike. */
export function createNotFound(): ApiError {
  return new ApiError({
    status: 404,
    message: 'There is no such credential.',
    type: 'invalid_request_error',
    code: 'credential_not_found',
  });
}
