import { z } from 'zod';
import { ConfigError, loadSeedConfig } from './config.ts';
import { loadMasterKeys } from './credentials/create-key-management.ts';
import { createKeyRing, type KeyRing } from './credentials/key-ring.ts';
import { type Database, openDatabase } from './database/database.ts';
import { PROVIDERS } from './providers/provider-names.ts';
import { hashApiKey } from './users/hash-api-key.ts';

const MAX_INPUT_CHARACTERS = 10_000_000;

const seedSchema = z.strictObject({
  users: z.array(
    z.strictObject({
      name: z.string().min(1),
      apiKey: z.string().min(16).regex(/^\S+$/),
      alwaysOwnKey: z.boolean().default(false),
      credentials: z
        .array(z.strictObject({ provider: z.enum(PROVIDERS), apiKey: z.string().min(1) }))
        .default([]),
    }),
  ),
});

type Seed = z.infer<typeof seedSchema>;

async function readStandardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += chunk;
    if (text.length > MAX_INPUT_CHARACTERS)
      throw new Error('The seed on standard input is over 10 MB.');
  }
  return text;
}

function parseSeed(text: string): Seed {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's own message quotes the input, which holds keys.
    // biome-ignore lint/style/useErrorCause: the cause would carry the keys into the log.
    throw new Error('The seed on standard input is not JSON.');
  }
  const parsed = seedSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`);
  throw new Error(`The seed on standard input is not valid: ${problems.join('; ')}.`);
}

async function insertSeed(database: Database, keyRing: KeyRing, seed: Seed): Promise<void> {
  await database.kysely.transaction().execute(async (transaction) => {
    for (const { name, apiKey, alwaysOwnKey, credentials } of seed.users) {
      const user = await transaction
        .insertInto('users')
        .values({ name, api_key_hash: hashApiKey(apiKey), always_own_key: alwaysOwnKey })
        .returning('id')
        .executeTakeFirstOrThrow();
      for (const { provider, apiKey: secret } of credentials) {
        const encrypted = keyRing.encrypt(secret, { userId: user.id, provider });
        await transaction
          .insertInto('credentials')
          .values({
            user_id: user.id,
            provider,
            key_version: encrypted.keyVersion,
            nonce: encrypted.nonce,
            ciphertext: encrypted.ciphertext,
            name: 'default',
            is_default: true,
          })
          .execute();
      }
    }
  });
}

/** `node seed.ts < seed.json`: inserts users and their provider keys, all of them or none. */
async function seedDatabase(): Promise<void> {
  const config = loadSeedConfig();
  const keyRing = createKeyRing(await loadMasterKeys(config.keyManagement));
  const seed = parseSeed(await readStandardInput());
  const database = openDatabase(config.databaseUrl);
  try {
    await insertSeed(database, keyRing, seed);
    process.stdout.write(`users inserted: ${seed.users.length}\n`);
  } finally {
    await database.close();
  }
}

try {
  await seedDatabase();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ConfigError ? error.exitCode : 1;
}
