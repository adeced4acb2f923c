import type pg from 'pg';
import { ApiError } from '../errors/api-error.ts';
import { createNotFound } from './credential-requests.ts';
import { type CredentialSettings, requireAllowedBaseUrl } from './credential-settings.ts';
import type { ReadKey, StoredKey } from './read-key.ts';

/** The provider key of one call, who pays for it, and how its owner wants it to be used. */
interface Credential {
  readonly source: 'user' | 'system';
  readonly provider: string;
  readonly apiKey: string;
  readonly settings: CredentialSettings;
}

export interface WantedCredential {
  readonly userId: string;
  /** Whom the model may be asked of, the first by preference; anyone when nobody is named. */
  readonly providers: readonly string[];
  /** The one that the call names; the user's default one when it names none. */
  readonly credentialId: string | undefined;
}

export type FindCredential = (wanted: WantedCredential) => Promise<Credential>;

interface CredentialOptions {
  readonly pool: pg.Pool;
  readonly readKey: ReadKey;
  readonly systemKeyOf: (provider: string) => string | undefined;
  readonly defaultProvider: string;
  readonly allowedBaseUrls: readonly string[];
}

const COLUMNS =
  'c.id, c.user_id, c.provider, c.key_version, c.nonce, c.ciphertext, c.settings, c.deleted_at';

const FIND_NAMED = {
  name: 'find-named-credential',
  text: `select ${COLUMNS} from credentials c where c.user_id = $1 and c.id = $2`,
};

// One row in any case, so that the user's setting comes without a second query.
const FIND_DEFAULT = {
  name: 'find-default-credential',
  text: `select u.always_own_key, ${COLUMNS} from users u left join credentials c
    on c.user_id = u.id and c.provider = $2 and c.is_default where u.id = $1`,
};

interface FoundRow extends StoredKey {
  readonly settings: CredentialSettings;
  readonly deleted_at: Date | null;
}

type DefaultRow = { readonly always_own_key: boolean } & (FoundRow | { readonly id: null });

/**
 * The credential that the call names, else the user's default one, else the system's. Throws an
 * ApiError when none of them may be used.
 */
export function createFindCredential(options: CredentialOptions): FindCredential {
  const { pool, systemKeyOf, defaultProvider } = options;

  const findNamed = async (wanted: WantedCredential, id: string): Promise<Credential> => {
    const { rows } = await pool.query<FoundRow>({ ...FIND_NAMED, values: [wanted.userId, id] });
    const [row] = rows;
    if (row === undefined) throw createNotFound();
    if (row.deleted_at !== null)
      throw refuse(404, 'credential_deleted', 'This credential was deleted.');
    if (wanted.providers.length > 0 && !wanted.providers.includes(row.provider)) {
      const owners = wanted.providers.join(' and ');
      const message = `The model is one of ${owners}, the credential one of ${row.provider}.`;
      throw refuse(400, 'credential_of_other_provider', message);
    }
    return open(row, options);
  };

  const findDefault = async ({ userId, providers }: WantedCredential): Promise<Credential> => {
    const name = providers[0] ?? defaultProvider;
    const { rows } = await pool.query<DefaultRow>({ ...FIND_DEFAULT, values: [userId, name] });
    const [row] = rows;
    if (row !== undefined && row.id !== null) return open(row, options);
    const isAllowed = row !== undefined && !row.always_own_key;
    const apiKey = isAllowed ? systemKeyOf(name) : undefined;
    if (apiKey !== undefined) return { source: 'system', provider: name, apiKey, settings: {} };
    throw refuse(
      400,
      'no_credential',
      row?.always_own_key === true
        ? `No ${name} credential is stored for this user, who always uses an own key.`
        : `No ${name} credential is stored for this user, and the service has no default one.`,
    );
  };

  return (wanted) =>
    wanted.credentialId === undefined
      ? findDefault(wanted)
      : findNamed(wanted, wanted.credentialId);
}

function refuse(status: number, code: string, message: string): ApiError {
  return new ApiError({ status, message, type: 'invalid_request_error', code });
}

/** A row that cannot be used is an error, never a silent change to the system's key and bill. */
function open(row: FoundRow, { readKey, allowedBaseUrls }: CredentialOptions): Credential {
  const { base_url } = row.settings;
  // Asked again at every use: what was allowed when it was stored may have been taken off the list.
  if (base_url !== undefined) requireAllowedBaseUrl(base_url, allowedBaseUrls);
  const apiKey = readKey(row);
  if (apiKey === undefined) throw createUnreadable(row.provider);
  return { source: 'user', provider: row.provider, apiKey, settings: row.settings };
}

/** For a credential whose key cannot be decrypted. */
export function createUnreadable(provider: string): ApiError {
  return new ApiError({
    status: 500,
    message: `The stored ${provider} credential cannot be decrypted. Please store it again.`,
    type: 'server_error',
    code: 'credential_unreadable',
  });
}
