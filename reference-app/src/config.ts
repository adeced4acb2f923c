import { z } from 'zod';
import { type ProvidersConfig, providersSchema, toProvidersConfig } from './provider-config.ts';

/** The environment cannot be used: the message names the variable and the remedy, never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** EX_CONFIG of sysexits.h: a supervisor can tell "do not restart me" from a crash. */
  readonly exitCode = 78;
}

export type Env = Readonly<Record<string, string | undefined>>;

const APP_ENVS = ['production', 'staging', 'development', 'testing', 'test'] as const;
/** Node's timers end at once when they are asked for more. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const TRUE_WORDS: readonly string[] = ['true', '1', 'yes'];
const FALSE_WORDS: readonly string[] = ['', 'false', '0', 'no'];

const normalised = z
  .string()
  .default('')
  .transform((text) => text.trim().toLowerCase());

const modeSchema = z.object({
  APP_ENV: normalised
    .transform((text) => (text === '' ? 'production' : text))
    .pipe(z.enum(APP_ENVS, { error: `must be one of ${APP_ENVS.join(', ')}` })),
  TESTING: normalised
    .refine((text) => TRUE_WORDS.includes(text) || FALSE_WORDS.includes(text), {
      error: 'must be true, 1 or yes, or else false, 0, no or unset',
    })
    .transform((text) => TRUE_WORDS.includes(text)),
});

const databaseSchema = z.object({
  DATABASE_URL: z.string({ error: 'must be a postgres:// URL' }).regex(/^postgres(ql)?:\/\//, {
    error: 'must be a postgres:// URL',
  }),
});

const keyManagementSchema = z.object({
  KEY_MANAGEMENT: z.enum(['local', 'aws'], { error: 'must be local or aws' }).default('local'),
  MASTER_KEYS: z.string().optional(),
  MASTER_KEYS_SECRET_ID: z.string().optional(),
  AWS_REGION: z.string().optional(),
  AWS_ENDPOINT_URL: z.url({ error: 'must be a URL' }).optional(),
});

const rotationSchema = z.object({
  ROTATION_BATCH_SIZE: z.coerce
    .number({ error: 'must be a number of rows' })
    .int()
    .min(1)
    .max(1_000)
    .default(100),
});

const baseUrlList = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((url) => url.trim()))
  .transform((urls) => urls.filter((url) => url !== ''))
  .pipe(z.array(z.url({ protocol: /^https?$/, error: 'must be a list of URLs, by commas' })));

const limit = (error: string): z.ZodCoercedNumber => z.coerce.number({ error }).int().min(0);

const serviceSchema = modeSchema
  .extend(databaseSchema.shape)
  .extend(keyManagementSchema.shape)
  .extend(rotationSchema.shape)
  .extend(providersSchema.shape)
  .extend({
    CREDENTIAL_BASE_URLS: baseUrlList,
    ROTATION_INTERVAL_MS: z.coerce
      .number({ error: 'must be milliseconds, or 0 for never' })
      .int()
      .min(0)
      .max(MAX_TIMER_MS)
      .default(3_600_000),
    HOST: z.string().min(1).default('127.0.0.1'),
    PORT: z.coerce
      .number({ error: 'must be a port number, or 0 for a free one' })
      .int()
      .min(0)
      .max(65_535)
      .default(3000),
    PRICES_FILE: z.string({ error: 'must be the path of the price table' }).min(1),
    SYSTEM_DEFAULT_MODEL: z.string().optional(),
    RATE_LIMIT_PER_MINUTE: limit('must be requests in a minute, or 0 for no limit').default(600),
    STREAMS_PER_USER: limit('must be a number of streams, or 0 for no limit').default(50),
    PROVIDER_IDLE_LIMIT_MS: limit('must be milliseconds').min(1).max(MAX_TIMER_MS).default(120_000),
    CACHE_TTL_MS: limit('must be milliseconds').default(300_000),
    LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
        error: 'must be a pino level',
      })
      .default('warn'),
    SHUTDOWN_LIMIT_MS: z.coerce
      .number({ error: 'must be milliseconds' })
      .int()
      .min(0)
      .default(10_000),
  });

/** Where the master keys are: in the environment, or in a secret of AWS Secrets Manager. */
export type KeyManagementConfig =
  | { readonly kind: 'local'; readonly masterKeys: string }
  | {
      readonly kind: 'aws';
      readonly secretId: string;
      readonly region: string;
      /** undefined: that of the region. */
      readonly endpointUrl: string | undefined;
    };

export interface Config extends ProvidersConfig {
  readonly host: string;
  /** 0 asks the system for a free port. */
  readonly port: number;
  readonly databaseUrl: string;
  readonly appEnv: (typeof APP_ENVS)[number];
  /** IS_TESTING: look-ups skip the cache; everything else is the same code as in production. */
  readonly isTesting: boolean;
  readonly pricesFile: string;
  readonly keyManagement: KeyManagementConfig;
  /** What a fallback to another provider asks for; undefined: there is no such fallback. */
  readonly systemDefaultModel: string | undefined;
  /** Per user; 0 is no limit. */
  readonly limits: {
    readonly requestsPerMinute: number;
    readonly streamsPerUser: number;
    /** How long a provider may be silent within a stream. */
    readonly providerIdleMs: number;
  };
  /** How long an answer is remembered for a user who wants that. */
  readonly cacheTtlMs: number;
  /** Base URLs that a user may set for a credential, beside the provider's own. */
  readonly credentialBaseUrls: readonly string[];
  readonly rotation: {
    /** How often credentials under older master keys are looked for; 0 is never. */
    readonly intervalMs: number;
    /** Rows that are encrypted anew in one transaction. */
    readonly batchSize: number;
  };
  readonly logLevel: string;
  /** How long a shutdown lets open streams run before it cuts them. */
  readonly shutdownLimitMs: number;
}

function parseEnv<T>(schema: z.ZodType<T>, env: Env): T {
  // A variable set to nothing is not set: "PORT=" must not mean port 0.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim() !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  throw createUnusable(problems.join('; '));
}

function createUnusable(problems: string): ConfigError {
  return new ConfigError(`The environment is not usable: ${problems}.\nfix: see .env.example`);
}

function toKeyManagement(values: z.infer<typeof keyManagementSchema>): KeyManagementConfig {
  const { MASTER_KEYS: masterKeys, MASTER_KEYS_SECRET_ID: secretId, AWS_REGION: region } = values;
  if (values.KEY_MANAGEMENT === 'local') {
    if (masterKeys === undefined)
      throw createUnusable('MASTER_KEYS must be set, e.g. "v1:<32 bytes in base64>"');
    return Object.freeze({ kind: 'local', masterKeys });
  }
  if (secretId === undefined || region === undefined)
    throw createUnusable('KEY_MANAGEMENT=aws needs MASTER_KEYS_SECRET_ID and AWS_REGION');
  return Object.freeze({ kind: 'aws', secretId, region, endpointUrl: values.AWS_ENDPOINT_URL });
}

/** Reads the service's environment; throws ConfigError when it is unusable or unsafe. */
export function loadConfig(env: Env = process.env): Config {
  const values = parseEnv(serviceSchema, env);
  const isTesting = values.TESTING || values.APP_ENV === 'testing' || values.APP_ENV === 'test';
  if (isTesting && values.APP_ENV === 'production') {
    throw new ConfigError(
      'TESTING is on while APP_ENV is production (an unset APP_ENV means production): refusing to start.\n' +
        'fix: unset TESTING, or set APP_ENV=testing outside production',
    );
  }
  return Object.freeze({
    host: values.HOST,
    port: values.PORT,
    databaseUrl: values.DATABASE_URL,
    appEnv: values.APP_ENV,
    isTesting,
    pricesFile: values.PRICES_FILE,
    keyManagement: toKeyManagement(values),
    ...toProvidersConfig(values),
    systemDefaultModel: values.SYSTEM_DEFAULT_MODEL,
    limits: Object.freeze({
      requestsPerMinute: values.RATE_LIMIT_PER_MINUTE,
      streamsPerUser: values.STREAMS_PER_USER,
      providerIdleMs: values.PROVIDER_IDLE_LIMIT_MS,
    }),
    cacheTtlMs: values.CACHE_TTL_MS,
    credentialBaseUrls: Object.freeze(values.CREDENTIAL_BASE_URLS),
    rotation: Object.freeze({
      intervalMs: values.ROTATION_INTERVAL_MS,
      batchSize: values.ROTATION_BATCH_SIZE,
    }),
    logLevel: values.LOG_LEVEL,
    shutdownLimitMs: values.SHUTDOWN_LIMIT_MS,
  });
}

/** What the migrate command needs. */
export function loadDatabaseConfig(env: Env = process.env): { readonly databaseUrl: string } {
  return Object.freeze({ databaseUrl: parseEnv(databaseSchema, env).DATABASE_URL });
}

/** What the seed command needs. */
export function loadSeedConfig(env: Env = process.env): {
  readonly databaseUrl: string;
  readonly keyManagement: KeyManagementConfig;
} {
  const values = parseEnv(databaseSchema.extend(keyManagementSchema.shape), env);
  return Object.freeze({
    databaseUrl: values.DATABASE_URL,
    keyManagement: toKeyManagement(values),
  });
}

/** What the rotate command needs. */
export function loadRotateConfig(env: Env = process.env): {
  readonly databaseUrl: string;
  readonly keyManagement: KeyManagementConfig;
  readonly batchSize: number;
} {
  const schema = databaseSchema.extend(keyManagementSchema.shape).extend(rotationSchema.shape);
  const values = parseEnv(schema, env);
  return Object.freeze({
    databaseUrl: values.DATABASE_URL,
    keyManagement: toKeyManagement(values),
    batchSize: values.ROTATION_BATCH_SIZE,
  });
}
