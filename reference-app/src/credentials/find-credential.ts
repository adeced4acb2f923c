import type pg from 'pg';
import { ApiError } from '../errors/api-error.ts';
import type { KeyRing, SecretOwner } from './key-ring.ts';

/** The provider key of one call, and who pays for it. */
interface Credential {
  readonly source: 'user' | 'system';
  readonly apiKey: string;
}

export type FindCredential = (owner: SecretOwner) => Promise<Credential>;

interface CredentialOptions {
  readonly pool: pg.Pool;
  readonly keyRing: KeyRing;
  readonly systemKeyOf: (provider: string) => string | undefined;
}

const FIND_CREDENTIAL = {
  name: 'find-credential',
  text: 'select key_version, nonce, ciphertext from credentials where user_id = $1 and provider = $2',
};

interface CredentialRow {
  readonly key_version: string;
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
}

/** The user's own key if there is one, else the system's; an ApiError when there is neither. */
export function createFindCredential({
  pool,
  keyRing,
  systemKeyOf,
}: CredentialOptions): FindCredential {
  return async (owner) => {
    const { rows } = await pool.query<CredentialRow>({
      ...FIND_CREDENTIAL,
      values: [owner.userId, owner.provider],
    });
    const row = rows[0];
    if (row !== undefined) return { source: 'user', apiKey: decryptRow(keyRing, row, owner) };
    const apiKey = systemKeyOf(owner.provider);
    if (apiKey !== undefined) return { source: 'system', apiKey };
    throw new ApiError({
      status: 400,
      message: `No ${owner.provider} credential is stored for this user, and the service has no default one.`,
      type: 'invalid_request_error',
      code: 'no_credential',
    });
  };
}

/** A row that cannot be read is an error, never a silent change to the system's key and bill. */
function decryptRow(keyRing: KeyRing, row: CredentialRow, owner: SecretOwner): string {
  try {
    return keyRing.decrypt(
      { keyVersion: row.key_version, nonce: row.nonce, ciphertext: row.ciphertext },
      owner,
    );
  } catch (cause) {
    throw new ApiError(
      {
        status: 500,
        message: `The stored ${owner.provider} credential cannot be decrypted. Please store it again.`,
        type: 'server_error',
        code: 'credential_unreadable',
      },
      { cause },
    );
  }
}
