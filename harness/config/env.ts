import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { PROVIDERS, type Provider } from '#harness/cassettes/provider.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';

/** This process' environment, read here only; elsewhere it is an argument. */
export function processEnvironment(): Readonly<Record<string, string>> {
  const set = Object.entries(process.env).filter((entry) => entry[1] !== undefined);
  return Object.freeze(Object.fromEntries(set) as Record<string, string>);
}

/** A gateway; an empty variable is none. */
const baseUrl = z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).optional();

/** Lines of "Name: value", as HTTP has them. */
const headerLines = z
  .string()
  .transform((text) => text.split('\n').filter((line) => line.trim() !== ''))
  .refine(
    (lines) => lines.every((line) => /^[\w-]+:\s*\S/.test(line)),
    'must be lines of "Name: value"',
  )
  .transform((lines) => Object.fromEntries(lines.map(headerOf)));

const listenAddress = z
  .string()
  .regex(/^(?:\[[0-9a-f:]+\]|[\w.-]+):\d+$/i, 'must be host:port')
  .transform((text) => {
    const colon = text.lastIndexOf(':');
    return {
      host: text.slice(0, colon).replace(/^\[|\]$/g, ''),
      port: Number(text.slice(colon + 1)),
    };
  });

const harnessEnvironmentSchema = z.object({
  // Often set for something else: what is no Postgres is none.
  DATABASE_URL: z
    .url({ protocol: /^postgres(?:ql)?$/ })
    .optional()
    .catch(undefined),
  PROMETHEUS_URL: baseUrl,
  PROMETHEUS_HEADERS: headerLines.default({}),
  GRAFANA_URL: baseUrl,
  GRAFANA_TOKEN: z.string().optional(),
  TALLY_SCRAPE_LISTEN: listenAddress.default({ host: '127.0.0.1', port: 9464 }),
  TALLY_SERVICE_HEADERS: headerLines.default({}),
  TALLY_ALLOW_PRODUCTION: z.enum(['0', '1']).default('0'),
  TALLY_CACHE_DIR: z.string().min(1).optional(),
  TALLY_CORPUS_DIR: z.string().min(1).optional(),
  TALLY_PROMETHEUS_MIRROR: z.url({ protocol: /^https?$/ }).optional(),
  TALLY_POSTGRES_IMAGE: z.string().min(1).optional(),
  TALLY_PROMETHEUS_IMAGE: z.string().min(1).optional(),
  TALLY_GRAFANA_IMAGE: z.string().min(1).optional(),
  TALLY_CONTAINERS: z.enum(['0', '1']).default('0'),
  TALLY_LIVE: z.enum(['0', '1']).default('0'),
  TALLY_LIVE_BUDGET_USD: z.coerce.number().nonnegative().default(0.1),
  OPENAI_BASE_URL: baseUrl,
  GOOGLE_BASE_URL: baseUrl,
  ANTHROPIC_BASE_URL: baseUrl,
  XDG_CACHE_HOME: z.string().optional(),
  HOME: z.string().optional(),
});

/** What Tally itself takes from the environment; every variable is a row in .env.example. */
export interface HarnessEnvironment {
  /** Downloads and initialised clusters, kept between runs. */
  cacheDir: string;
  /** Base URL with the layout of Prometheus' release downloads. */
  prometheusMirror: string | undefined;
  /** Recorded provider exchanges that the tests read; undefined when there are none. */
  corpusDir: string | undefined;
  /** Images for the stack in containers, instead of those that docker-compose.yml names. */
  images: Readonly<Partial<Record<'postgres' | 'prometheus' | 'grafana', string>>>;
  /** Tests in containers fail where there are none, instead of skipping. */
  areContainersRequired: boolean;
  live: LiveEnvironment;
  external: ExternalEnvironment;
  /** What a deployed service is sent with each request. Never shown. */
  serviceHeaders: Readonly<Record<string, string>>;
  /** The whole environment: for PATH, and for what fetches or tests on the user's behalf. */
  env: Readonly<Record<string, string>>;
}

/** Servers that somebody runs. Secrets in it are never shown. */
export interface ExternalEnvironment {
  databaseUrl: string | undefined;
  /** Its URL without credentials, which are among the headers then. */
  prometheus: Endpoint | undefined;
  grafana: Endpoint | undefined;
  /** Where Tally waits for the scrapes of such a Prometheus. */
  scrapeListen: { host: string; port: number };
  /** A database server that looks like production's may be used too. */
  allowProduction: boolean;
}

/** Where an HTTP API is, and what every request to it carries. */
export interface Endpoint {
  /** Without a slash at its end. */
  url: string;
  headers: Readonly<Record<string, string>>;
}

/** What runs against the real providers go by. */
export interface LiveEnvironment {
  /** A missing key is a failure, and no reason to skip. */
  isRequired: boolean;
  /** A run stops before it would cost more. */
  budgetUsd: number;
  /** Of those providers that have one. */
  keys: Readonly<Partial<Record<Provider, string>>>;
  /** Gateways that stand for a provider, as its SDK takes them. */
  baseUrls: Readonly<Partial<Record<Provider, string>>>;
}

/** Reads Tally's own variables. Pure. Throws H_CONFIG_ENVIRONMENT. */
export function loadHarnessEnvironment(
  env: Readonly<Record<string, string>> = processEnvironment(),
): HarnessEnvironment {
  const parsed = harnessEnvironmentSchema.safeParse(env);
  if (!parsed.success) {
    throw new HarnessError(
      `A variable of Tally has a value it cannot have:\n${z.prettifyError(parsed.error)}`,
      { code: 'H_CONFIG_ENVIRONMENT', fix: 'Correct or unset it; .env.example lists them all.' },
    );
  }
  const { TALLY_CORPUS_DIR, TALLY_PROMETHEUS_MIRROR } = parsed.data;
  return {
    cacheDir: cacheDirOf(parsed.data),
    corpusDir: TALLY_CORPUS_DIR,
    prometheusMirror: TALLY_PROMETHEUS_MIRROR,
    images: imagesOf(parsed.data),
    areContainersRequired: parsed.data.TALLY_CONTAINERS === '1',
    live: {
      isRequired: parsed.data.TALLY_LIVE === '1',
      budgetUsd: parsed.data.TALLY_LIVE_BUDGET_USD,
      keys: perProvider(env, 'API_KEY'),
      baseUrls: perProvider(env, 'BASE_URL'),
    },
    external: externalOf(parsed.data),
    serviceHeaders: parsed.data.TALLY_SERVICE_HEADERS,
    env,
  };
}

function imagesOf(parsed: z.infer<typeof harnessEnvironmentSchema>): HarnessEnvironment['images'] {
  const given = {
    postgres: parsed.TALLY_POSTGRES_IMAGE,
    prometheus: parsed.TALLY_PROMETHEUS_IMAGE,
    grafana: parsed.TALLY_GRAFANA_IMAGE,
  };
  return Object.fromEntries(Object.entries(given).filter(([, image]) => image));
}

function externalOf(data: z.infer<typeof harnessEnvironmentSchema>): ExternalEnvironment {
  const { GRAFANA_TOKEN: token, PROMETHEUS_URL, GRAFANA_URL } = data;
  return {
    databaseUrl: data.DATABASE_URL,
    prometheus: PROMETHEUS_URL ? endpointOf(PROMETHEUS_URL, data.PROMETHEUS_HEADERS) : undefined,
    grafana: GRAFANA_URL
      ? endpointOf(GRAFANA_URL, token ? { authorization: `Bearer ${token}` } : {})
      : undefined,
    scrapeListen: data.TALLY_SCRAPE_LISTEN,
    allowProduction: data.TALLY_ALLOW_PRODUCTION === '1',
  };
}

/** User and password of the URL become a header, which no message shows. */
function endpointOf(text: string, headers: Readonly<Record<string, string>>): Endpoint {
  const url = new URL(text);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const bare = url.href.replace(/\/+$/, '');
  if (username === '') return { url: bare, headers };
  const pair = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return { url: bare, headers: { authorization: `Basic ${pair.toString('base64')}`, ...headers } };
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

/** The variables that end so, of the providers that have them, e.g. OPENAI_API_KEY. */
function perProvider(env: Readonly<Record<string, string>>, end: string) {
  // Azure has no service of its own that one could record.
  const own = PROVIDERS.filter((provider) => provider !== 'azure');
  const set = own.map((provider) => [provider, env[`${provider.toUpperCase()}_${end}`]]);
  return Object.fromEntries(set.filter(([, value]) => value)) as Partial<Record<Provider, string>>;
}

const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'NODE_EXTRA_CA_CERTS'] as const;

/** What every child process gets; everything else it needs is stated in the configuration. */
export function childEnvironment(
  env: Readonly<Record<string, string>> = processEnvironment(),
): Record<string, string> {
  const passedOn = PASSED_ON.map((name) => [name, env[name]]);
  const set = Object.fromEntries(passedOn.filter(([, value]) => value !== undefined));
  // Compiling its modules is most of what a start of a Node program takes; others do not read it.
  return { ...set, NODE_COMPILE_CACHE: join(cacheDirOf(env), 'compiled') };
}

interface CacheVariables {
  TALLY_CACHE_DIR?: string | undefined;
  XDG_CACHE_HOME?: string | undefined;
  HOME?: string | undefined;
}

function cacheDirOf({ TALLY_CACHE_DIR, XDG_CACHE_HOME, HOME }: CacheVariables): string {
  return TALLY_CACHE_DIR ?? join(XDG_CACHE_HOME || join(HOME ?? tmpdir(), '.cache'), 'tally');
}
