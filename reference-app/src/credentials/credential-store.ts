import { type Selectable, sql, type Transaction, type UpdateObject } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import { ApiError } from '../errors/api-error.ts';
import { createNotFound } from './credential-requests.ts';
import type { CredentialSettings } from './credential-settings.ts';
import type { KeyRing, SecretOwner } from './key-ring.ts';
import type { ReadKey } from './read-key.ts';

export type CredentialRow = Selectable<Schema['credentials']>;

export interface NewCredential {
  readonly provider: string;
  readonly apiKey: string;
  readonly name: string;
  readonly isDefault: boolean;
  readonly settings: CredentialSettings;
}

/** A user's own live credentials; every function throws ApiError 404 for an id that is not one. */
export interface CredentialStore {
  list(userId: string): Promise<CredentialRow[]>;
  get(userId: string, id: string): Promise<CredentialRow>;
  /** The first one of its provider becomes the default. Throws 409 for a name or key kept already. */
  create(userId: string, credential: NewCredential): Promise<CredentialRow>;
  update(
    userId: string,
    id: string,
    changes: { readonly name?: string; readonly settings?: CredentialSettings },
  ): Promise<CredentialRow>;
  replaceKey(userId: string, id: string, apiKey: string): Promise<CredentialRow>;
  makeDefault(userId: string, id: string): Promise<CredentialRow>;
  /** Soft: the row stays. The oldest of the provider's others takes the place of a default. */
  remove(userId: string, id: string): Promise<CredentialRow>;
}

interface StoreOptions {
  readonly kysely: Database['kysely'];
  readonly keyRing: KeyRing;
  /** A row that it cannot read is no duplicate of any. */
  readonly readKey: ReadKey;
}

const CREDENTIALS_PER_USER_MAX = 100;

function conflict(code: string, message: string): ApiError {
  return new ApiError({ status: 409, message, type: 'invalid_request_error', code });
}

type Rows = Transaction<Schema> | Database['kysely'];

function selectLive(rows: Rows, userId: string) {
  return rows
    .selectFrom('credentials')
    .selectAll()
    .where('user_id', '=', userId)
    .where('deleted_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id');
}

function findIn(rows: readonly CredentialRow[], id: string): CredentialRow {
  const row = rows.find((candidate) => candidate.id === id);
  if (row === undefined) throw createNotFound();
  return row;
}

function write(
  transaction: Transaction<Schema>,
  id: string,
  values: UpdateObject<Schema, 'credentials'>,
): Promise<CredentialRow> {
  return transaction
    .updateTable('credentials')
    .set({ ...values, updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Two steps, because the database allows one default at every moment. */
async function moveDefault(
  transaction: Transaction<Schema>,
  { from, to }: { from: CredentialRow | undefined; to: CredentialRow },
): Promise<CredentialRow> {
  if (from?.id === to.id) return to;
  if (from !== undefined) await write(transaction, from.id, { is_default: false });
  return write(transaction, to.id, { is_default: true });
}

/**
 * Changes one user's credentials one at a time, so that what is checked stays true until it is
 * written. This lock leaves usage rows, which refer to the user, alone.
 */
function createChange(kysely: Database['kysely']) {
  return <T>(
    userId: string,
    work: (transaction: Transaction<Schema>, live: readonly CredentialRow[]) => Promise<T>,
  ): Promise<T> =>
    kysely.transaction().execute(async (transaction) => {
      await transaction
        .selectFrom('users')
        .select('id')
        .where('id', '=', userId)
        .forNoKeyUpdate()
        .executeTakeFirstOrThrow();
      return work(transaction, await selectLive(transaction, userId).execute());
    });
}

function createChecks(readKey: StoreOptions['readKey']) {
  return {
    requireRoom: (live: readonly CredentialRow[]): void => {
      if (live.length >= CREDENTIALS_PER_USER_MAX)
        throw conflict('too_many_credentials', 'Please delete a credential first.');
    },
    requireFreeName: (siblings: readonly CredentialRow[], name: string): void => {
      if (siblings.some((row) => row.name === name))
        throw conflict('duplicate_name', 'A credential of this provider has this name already.');
    },
    requireNewKey: (siblings: readonly CredentialRow[], apiKey: string): void => {
      if (siblings.some((row) => readKey(row) === apiKey))
        throw conflict('duplicate_key', 'This key is stored already.');
    },
  };
}

export function createCredentialStore({ kysely, keyRing, readKey }: StoreOptions): CredentialStore {
  const change = createChange(kysely);
  const { requireRoom, requireFreeName, requireNewKey } = createChecks(readKey);
  const encrypt = (apiKey: string, owner: SecretOwner) => {
    const { keyVersion, nonce, ciphertext } = keyRing.encrypt(apiKey, owner);
    return { key_version: keyVersion, nonce, ciphertext };
  };

  return {
    list: (userId) => selectLive(kysely, userId).execute(),
    get: async (userId, id) => findIn(await selectLive(kysely, userId).execute(), id),
    create: (userId, { provider, apiKey, name, isDefault, settings }) =>
      change(userId, async (transaction, live) => {
        requireRoom(live);
        const siblings = live.filter((row) => row.provider === provider);
        requireFreeName(siblings, name);
        requireNewKey(siblings, apiKey);
        const created = await transaction
          .insertInto('credentials')
          .values({
            ...encrypt(apiKey, { userId, provider }),
            user_id: userId,
            provider,
            name,
            is_default: false,
            settings: JSON.stringify(settings),
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        const from = siblings.find((row) => row.is_default);
        if (from !== undefined && !isDefault) return created;
        return moveDefault(transaction, { from, to: created });
      }),
    update: (userId, id, { name, settings }) =>
      change(userId, (transaction, live) => {
        const { own, siblings } = splitBy(live, id);
        if (name !== undefined) requireFreeName(siblings, name);
        return write(transaction, own.id, {
          ...(name !== undefined && { name }),
          ...(settings !== undefined && { settings: JSON.stringify(settings) }),
        });
      }),
    replaceKey: (userId, id, apiKey) =>
      change(userId, (transaction, live) => {
        const { own, siblings } = splitBy(live, id);
        requireNewKey(siblings, apiKey);
        return write(transaction, own.id, encrypt(apiKey, { userId, provider: own.provider }));
      }),
    makeDefault: (userId, id) =>
      change(userId, (transaction, live) => {
        const { own, siblings } = splitBy(live, id);
        const from = own.is_default ? own : siblings.find((row) => row.is_default);
        return moveDefault(transaction, { from, to: own });
      }),
    remove: (userId, id) =>
      change(userId, async (transaction, live) => {
        const { own, siblings } = splitBy(live, id);
        const removed = await write(transaction, own.id, {
          is_default: false,
          deleted_at: sql<Date>`now()`,
        });
        const [heir] = siblings;
        if (own.is_default && heir !== undefined)
          await moveDefault(transaction, { from: undefined, to: heir });
        return removed;
      }),
  };
}

/** The credential and the others of its provider, the oldest first. */
function splitBy(
  live: readonly CredentialRow[],
  id: string,
): { own: CredentialRow; siblings: readonly CredentialRow[] } {
  const own = findIn(live, id);
  const siblings = live.filter((row) => row.provider === own.provider && row.id !== own.id);
  return { own, siblings };
}
