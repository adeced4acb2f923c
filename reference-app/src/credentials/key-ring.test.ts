import { describe, expect, test } from 'vitest';
import type { MasterKeys } from './key-management.ts';
import { createKeyRing as createRing, type KeyRing } from './key-ring.ts';
import { parseMasterKeys } from './local-key-management.ts';

const parse = (text: string): MasterKeys => parseMasterKeys(text, 'MASTER_KEYS');
const createKeyRing = (masterKeys: string): KeyRing => createRing(parse(masterKeys));

const key = (fill: number): string => Buffer.alloc(32, fill).toString('base64');
const OWNER = { userId: 'user-1', provider: 'openai' };
const SECRET = 'sk-canary-0123456789-ü';

describe('key ring', () => {
  const ring = createKeyRing(`v1:${key(1)}`);

  test('decrypts what it encrypted', () => {
    expect(ring.decrypt(ring.encrypt(SECRET, OWNER), OWNER)).toBe(SECRET);
  });

  test('leaves nothing of the secret in the row', () => {
    const { nonce, ciphertext } = ring.encrypt(SECRET, OWNER);
    expect(Buffer.concat([nonce, ciphertext]).toString('latin1')).not.toContain('canary');
  });

  test('never encrypts the same secret to the same bytes', () => {
    const rows = Array.from({ length: 100 }, () => ring.encrypt(SECRET, OWNER));
    expect(new Set(rows.map(({ nonce }) => nonce.toString('hex'))).size).toBe(100);
    expect(new Set(rows.map(({ ciphertext }) => ciphertext.toString('hex'))).size).toBe(100);
  });

  test.for([
    ['another user', { ...OWNER, userId: 'user-2' }],
    ['another provider', { ...OWNER, provider: 'google' }],
    ['a user whose id and provider run together alike', { userId: 'user-1openai', provider: '' }],
  ] as const)('does not decrypt a row moved to %s', ([, owner]) => {
    const row = ring.encrypt(SECRET, OWNER);
    expect(() => ring.decrypt(row, owner)).toThrow();
  });

  test('does not decrypt a row in which any one byte was changed', () => {
    const row = ring.encrypt(SECRET, OWNER);
    for (const field of ['nonce', 'ciphertext'] as const) {
      for (let index = 0; index < row[field].length; index += 1) {
        const changed = Buffer.from(row[field]);
        changed.writeUInt8((changed.readUInt8(index) + 1) % 256, index);
        expect(() => ring.decrypt({ ...row, [field]: changed }, OWNER)).toThrow();
      }
    }
  });

  test('does not accept a shortened tag, of which one in 2^32 could be guessed', () => {
    const row = ring.encrypt('', OWNER);
    const shortened = { ...row, ciphertext: row.ciphertext.subarray(0, 4) };
    expect(() => ring.decrypt(shortened, OWNER)).toThrow();
  });

  test('encrypts under its first key and reads rows of all of them', () => {
    const rotated = createKeyRing(`v2:${key(2)}, v1:${key(1)}`);
    expect(rotated.encrypt(SECRET, OWNER).keyVersion).toBe('v2');
    expect(rotated.decrypt(ring.encrypt(SECRET, OWNER), OWNER)).toBe(SECRET);
  });

  test('takes over other keys while it is in use', () => {
    const own = createKeyRing(`v1:${key(1)}`);
    const row = own.encrypt(SECRET, OWNER);
    own.replaceKeys(parse(`v2:${key(2)},v1:${key(1)}`));
    expect(own.currentVersion).toBe('v2');
    expect(own.encrypt(SECRET, OWNER).keyVersion).toBe('v2');
    expect(own.decrypt(row, OWNER)).toBe(SECRET);
  });

  test('names the version of a key that it lacks', () => {
    const row = createKeyRing(`v7:${key(7)}`).encrypt(SECRET, OWNER);
    expect(() => ring.decrypt(row, OWNER)).toThrow(/no master key v7/);
  });

  test.for([
    ['an empty list', ''],
    ['a key without a version', key(1)],
    ['a key of 31 bytes', `v1:${Buffer.alloc(31).toString('base64')}`],
    ['a key that is not base64', `v1:${'*'.repeat(44)}`],
    ['a version given twice', `v1:${key(1)},v1:${key(2)}`],
  ])('refuses %s', ([, masterKeys = '']) => {
    expect(() => createKeyRing(masterKeys)).toThrow(/MASTER_KEYS is not a list/);
  });
});
