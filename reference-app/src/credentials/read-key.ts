import type { EncryptedSecret, KeyRing } from './key-ring.ts';

/** An encrypted provider key with what it is bound to. */
export interface StoredKey {
  readonly id: string;
  readonly user_id: string;
  readonly provider: string;
  readonly key_version: string;
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
}

export interface UnreadableKey {
  readonly credentialId: string;
  readonly provider: string;
  readonly keyVersion: string;
  readonly cause: unknown;
}

/** The key in a row; undefined for one that cannot be decrypted. */
export type ReadKey = (row: StoredKey) => string | undefined;

/** Decrypts rows one by one: a row that cannot be read is reported, and stops no other one. */
export function createReadKey(
  keyRing: KeyRing,
  onUnreadable: (unreadable: UnreadableKey) => void,
): ReadKey {
  return (row) => {
    const encrypted: EncryptedSecret = {
      keyVersion: row.key_version,
      nonce: row.nonce,
      ciphertext: row.ciphertext,
    };
    try {
      return keyRing.decrypt(encrypted, { userId: row.user_id, provider: row.provider });
    } catch (cause) {
      const { id, provider, key_version } = row;
      onUnreadable({ credentialId: id, provider, keyVersion: key_version, cause });
      return undefined;
    }
  };
}
