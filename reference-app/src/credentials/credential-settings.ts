import { z } from 'zod';
import { ApiError } from '../errors/api-error.ts';

const MODEL_CHARACTERS_MAX = 256;
const TIMEOUT_MS_MIN = 1_000;
const TIMEOUT_MS_MAX = 600_000;

/** What a user may set for one credential; the names are those of the API and the database. */
export const credentialSettings = z.strictObject({
  /** Instead of the provider's own base URL; one of the service's allow-list. */
  base_url: z.string().max(2_000).optional(),
  /** Which of the key's organisations pays. It becomes a header, so its characters are few. */
  organization: z
    .string()
    .regex(/^[\w-]{1,128}$/, { error: 'must be letters, digits, _ and -' })
    .optional(),
  /** Which version of the provider's API is called. It becomes a query, so it is a date. */
  api_version: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}(-preview)?$/, { error: 'must be a date, or a date and -preview' })
    .optional(),
  /** For calls that name no model. */
  default_model: z
    .string()
    .max(MODEL_CHARACTERS_MAX)
    .regex(/^[\w.:/-]+$/, { error: 'must be the name of a model' })
    .optional(),
  /** How long the provider may take until its answer begins. */
  timeout_ms: z.number().int().min(TIMEOUT_MS_MIN).max(TIMEOUT_MS_MAX).optional(),
});

export type CredentialSettings = Readonly<z.infer<typeof credentialSettings>>;
export type SettingName = keyof CredentialSettings;

interface SettingsRules {
  readonly provider: string;
  /** The settings that this provider knows. */
  readonly settingNames: readonly SettingName[];
  readonly allowedBaseUrls: readonly string[];
}

/** Base URLs are compared as a whole: a prefix would let "https://trusted.example.evil" through. */
function normaliseBaseUrl(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  // A name, a query or a fragment has no business in a base URL, and could hide where it leads.
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return undefined;
  return url.href.replace(/\/+$/, '');
}

function refuse(param: string, message: string, code = 'invalid_settings'): ApiError {
  return new ApiError({ status: 422, message, type: 'invalid_request_error', param, code });
}

/** The allowed base URL as it is used. Throws ApiError 422 for any other. */
export function requireAllowedBaseUrl(text: string, allowed: readonly string[]): string {
  const url = normaliseBaseUrl(text);
  if (url !== undefined && allowed.some((entry) => normaliseBaseUrl(entry) === url)) return url;
  throw refuse(
    'settings.base_url',
    'This base URL is not on the list of those that the service allows.',
    'base_url_not_allowed',
  );
}

/** The settings as they are used; throws ApiError 422 that names the one its provider lacks. */
export function checkSettings(
  settings: CredentialSettings,
  rules: SettingsRules,
): CredentialSettings {
  for (const name of Object.keys(settings)) {
    if (!rules.settingNames.some((known) => known === name))
      throw refuse(`settings.${name}`, `${rules.provider} has no setting ${name}.`);
  }
  if (settings.base_url === undefined) return settings;
  return { ...settings, base_url: requireAllowedBaseUrl(settings.base_url, rules.allowedBaseUrls) };
}
