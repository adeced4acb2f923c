import { createSecretKey, type KeyObject } from 'node:crypto';
import { ConfigError } from '../config.ts';
import type { KeyManagement, MasterKeys } from './key-management.ts';

const KEY_BYTES = 32;
const ENTRY = /^(v\d+):([A-Za-z0-9+/]+={0,2})$/;

/**
 * Reads a list of master keys: the first one encrypts, all of them decrypt, by the version in the
 * row. Throws ConfigError naming the source of the list, never what is in it.
 */
export function parseMasterKeys(text: string, source: string): MasterKeys {
  const keys = new Map<string, KeyObject>();
  for (const entry of text.split(',')) {
    const [, version = '', encoded = ''] = ENTRY.exec(entry.trim()) ?? [];
    const key = Buffer.from(encoded, 'base64');
    // The entry itself is not quoted: it may hold a real key with a small mistake.
    if (key.length !== KEY_BYTES || keys.has(version)) {
      throw new ConfigError(
        `${source} is not a list of distinct "v<number>:<32 bytes in base64>", separated by commas.\n` +
          'fix: make a key with: openssl rand -base64 32',
      );
    }
    keys.set(version, createSecretKey(key));
  }
  const [current = ''] = keys.keys();
  return { current, keys };
}

/** Master keys from the environment: they change with a restart, and only then. */
export function createLocalKeyManagement(masterKeys: string): KeyManagement {
  const parsed = parseMasterKeys(masterKeys, 'MASTER_KEYS');
  return { load: () => Promise.resolve(parsed) };
}
