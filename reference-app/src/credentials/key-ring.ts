import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import type { MasterKeys } from './key-management.ts';

/** A credential as it lies in the database. */
export interface EncryptedSecret {
  readonly keyVersion: string;
  readonly nonce: Buffer;
  /** Ciphertext followed by the 16-byte tag. */
  readonly ciphertext: Buffer;
}

/** What a secret belongs to. A row moved to another owner or provider does not decrypt. */
export interface SecretOwner {
  readonly userId: string;
  readonly provider: string;
}

export interface KeyRing {
  /** The version that encrypt() uses now. */
  readonly currentVersion: string;
  /** Takes over keys that have just been loaded. */
  replaceKeys(masterKeys: MasterKeys): void;
  encrypt(secret: string, owner: SecretOwner): EncryptedSecret;
  /** Throws when the row was changed, moved or encrypted under a key that the ring lacks. */
  decrypt(encrypted: EncryptedSecret, owner: SecretOwner): string;
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

function bytesOf({ userId, provider }: SecretOwner): Buffer {
  return Buffer.from(JSON.stringify([userId, provider]));
}

/** Encrypts under the current master key; decrypts under any of them, by the version in the row. */
export function createKeyRing(masterKeys: MasterKeys): KeyRing {
  let { current, keys } = masterKeys;
  const keyOf = (version: string): KeyObject => {
    const key = keys.get(version);
    if (key === undefined) throw new Error(`The key ring has no master key ${version}.`);
    return key;
  };
  return {
    get currentVersion() {
      return current;
    },
    replaceKeys: (next) => {
      ({ current, keys } = next);
    },
    encrypt: (secret, owner) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, keyOf(current), nonce).setAAD(bytesOf(owner));
      const ciphertext = Buffer.concat([
        cipher.update(secret, 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ]);
      return { keyVersion: current, nonce, ciphertext };
    },
    decrypt: ({ keyVersion, nonce, ciphertext }, owner) => {
      const body = ciphertext.subarray(0, -TAG_BYTES);
      // Without a fixed tag length Node would accept a shortened tag, which is easy to forge.
      const decipher = createDecipheriv(CIPHER, keyOf(keyVersion), nonce, {
        authTagLength: TAG_BYTES,
      })
        .setAAD(bytesOf(owner))
        .setAuthTag(ciphertext.subarray(-TAG_BYTES));
      return decipher.update(body, undefined, 'utf8') + decipher.final('utf8');
    },
  };
}
