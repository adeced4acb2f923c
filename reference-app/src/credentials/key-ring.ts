import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { ConfigError } from '../config.ts';

/** A credential as it lies in the database. */
interface EncryptedSecret {
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
  encrypt(secret: string, owner: SecretOwner): EncryptedSecret;
  /** Throws when the row was changed, moved or encrypted under a key that the ring lacks. */
  decrypt(encrypted: EncryptedSecret, owner: SecretOwner): string;
}

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ENTRY = /^(v\d+):([A-Za-z0-9+/]+={0,2})$/;

function parseMasterKeys(text: string): ReadonlyMap<string, KeyObject> {
  const keys = new Map<string, KeyObject>();
  for (const entry of text.split(',')) {
    const [, version = '', encoded = ''] = ENTRY.exec(entry.trim()) ?? [];
    const key = Buffer.from(encoded, 'base64');
    // The entry itself is not quoted: it may hold a real key with a small mistake.
    if (key.length !== KEY_BYTES || keys.has(version)) {
      throw new ConfigError(
        'MASTER_KEYS is not a list of distinct "v<number>:<32 bytes in base64>", separated by commas.\n' +
          'fix: make a key with: openssl rand -base64 32',
      );
    }
    keys.set(version, createSecretKey(key));
  }
  return keys;
}

function bytesOf({ userId, provider }: SecretOwner): Buffer {
  return Buffer.from(JSON.stringify([userId, provider]));
}

/** Reads MASTER_KEYS. The first key encrypts; all of them decrypt, by the version in the row. */
export function createKeyRing(masterKeys: string): KeyRing {
  const keys = parseMasterKeys(masterKeys);
  const keyOf = (version: string): KeyObject => {
    const key = keys.get(version);
    if (key === undefined) throw new Error(`The key ring has no master key ${version}.`);
    return key;
  };
  const [current = ''] = keys.keys();
  return {
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
