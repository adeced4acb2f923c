import type pg from 'pg';
import { inBatches } from '../database/in-batches.ts';
import { ApiError } from '../errors/api-error.ts';
import { DEFAULT_PROVIDER } from '../providers/registry.ts';
import { createNotFound } from './credential-requests.ts';
import { type CredentialSettings, requireAllowedBaseUrl } from './credential-settings.ts';
import type { ReadKey, StoredKey } from './read-key.ts';

/** A provider key, and how its owner wants it to be used. */
export interface Credential {
  readonly source: 'user' | 'system';
  readonly apiKey: string;
  readonly settings: CredentialSettings;
}

interface WantedCredential {
  readonly userId: string;
  /** Whom the model may be asked of, the first by preference; anyone when nobody is named. */
  readonly providers: readonly string[];
  /** The one that the call names; the user's default one when it names none. */
  readonly credentialId: string | undefined;
}

export interface FoundCredential {
  readonly provider: string;
  /** The user's own; undefined when there is none of this provider. */
  readonly credential: Credential | undefined;
  /** false: the user always uses an own key, or has named one. */
  readonly mayUseSystem: boolean;
}

export type FindCredential = (wanted: WantedCredential) => Promise<FoundCredential>;

interface CredentialOptions {
  readonly pool: pg.Pool;
  readonly readKey: ReadKey;
  readonly allowedBaseUrls: readonly string[];
}

const COLUMNS =
  'c.id, c.user_id, c.provider, c.key_version, c.nonce, c.ciphertext, c.settings, c.deleted_at';

const FIND_NAMED = {
  name: 'find-named-credential',
  text: `select ${COLUMNS} from credentials c where c.user_id = $1 and c.id = $2`,
};

// One row for each that is asked for, so that the user's setting comes without a second query. Where
// several providers have the model, the first of which the user has a key serves.
const FIND_DEFAULTS = {
  name: 'find-default-credentials',
  text: `select w.position, u.always_own_key, c.*
    from json_to_recordset($1) as w (position int, user_id uuid, providers text[])
    join users u on u.id = w.user_id
    left join lateral (
      select ${COLUMNS} from credentials c
      where c.user_id = w.user_id and c.provider = any (w.providers) and c.is_default
      order by array_position(w.providers, c.provider) limit 1
    ) c on true`,
};

interface FoundRow extends StoredKey {
  readonly settings: CredentialSettings;
  readonly deleted_at: Date | null;
}

type DefaultRow = { readonly position: number; readonly always_own_key: boolean } & (
  | FoundRow
  | { readonly id: null }
);

async function findDefaults(
  pool: pg.Pool,
  wanted: readonly Pick<WantedCredential, 'userId' | 'providers'>[],
): Promise<(DefaultRow | undefined)[]> {
  const asked = wanted.map(({ userId, providers }, position) => ({
    position,
    user_id: userId,
    providers,
  }));
  const { rows } = await pool.query<DefaultRow>({
    ...FIND_DEFAULTS,
    values: [JSON.stringify(asked)],
  });
  const found: (DefaultRow | undefined)[] = [];
  for (const row of rows) found[row.position] = row;
  return found;
}

/**
 * The credential that the call names, else the user's default one for the provider. Throws an
 * ApiError when it may not be used.
 */
export function createFindCredential(options: CredentialOptions): FindCredential {
  const { pool } = options;
  const askDefault = inBatches({
    run: (wanted: readonly Pick<WantedCredential, 'userId' | 'providers'>[]) =>
      findDefaults(pool, wanted),
  });

  const findNamed = async (wanted: WantedCredential, id: string): Promise<FoundCredential> => {
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
    // Who names a key means that key: a change of who pays would not be what was asked for.
    return { provider: row.provider, credential: open(row, options), mayUseSystem: false };
  };

  const findDefault = async ({ userId, providers }: WantedCredential): Promise<FoundCredential> => {
    const wanted = providers.length > 0 ? providers : [DEFAULT_PROVIDER];
    const row = await askDefault({ userId, providers: wanted });
    const mayUseSystem = row !== undefined && !row.always_own_key;
    const [first = DEFAULT_PROVIDER] = wanted;
    if (row === undefined || row.id === null)
      return { provider: first, credential: undefined, mayUseSystem };
    return { provider: row.provider, credential: open(row, options), mayUseSystem };
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
  return { source: 'user', apiKey, settings: row.settings };
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
