import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigError } from '../config.ts';
import { type Prices, TOKEN_CLASSES } from './cost.ts';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'must be a day as YYYY-MM-DD' });
const picoUsd = z
  .string()
  .regex(/^\d+$/, { error: 'must be pico-USD, as a string of digits' })
  .transform(BigInt);
const tokenPrices = z.record(z.enum(TOKEN_CLASSES), picoUsd);
// A label value with a comma or a colon could merge two series in prom-client.
const labelValue = z.string().regex(/^[A-Za-z0-9._-]+$/);
const tiersSchema = z
  .array(z.object({ abovePromptTokens: z.int().positive(), prices: tokenPrices }))
  .refine((tiers) => tiers.every((tier, index) => isAbove(tier, tiers[index - 1])), {
    error: 'must have the lowest limit first',
  });

const catalogueSchema = z.object({
  schemaVersion: z.literal(1),
  entries: z
    .array(
      z.object({
        provider: labelValue,
        model: labelValue,
        validFrom: day,
        validTo: day.optional(),
        retiredOn: day.optional(),
        prices: tokenPrices,
        tiers: tiersSchema.default([]),
        perImage: picoUsd.default(0n),
      }),
    )
    .min(1),
});

interface Limit {
  readonly abovePromptTokens: number;
}

function isAbove(tier: Limit, previous: Limit | undefined): boolean {
  return previous === undefined || tier.abovePromptTokens > previous.abovePromptTokens;
}

type Entry = z.infer<typeof catalogueSchema>['entries'][number];

/** A model of one provider: several providers may serve models of the same name. */
export interface Model {
  readonly provider: string;
  readonly name: string;
}

/** The dated price table: which models there are, and what they cost on a given day. */
export interface Catalogue {
  /** Each model of each provider once, in the order of the providers, then by name. */
  readonly models: readonly Model[];
  /**
   * Whom to ask for what: "azure/my-deployment" names its one provider, any other name has those
   * that list it, the one to prefer first. A name that nobody lists has none.
   */
  locate(modelName: string): { readonly providers: readonly string[]; readonly name: string };
  /**
   * The catalogue's name for what a client or a provider calls a model; undefined if unknown. The
   * provider is the given one, else the first that locate() finds.
   */
  resolve(modelName: string, provider?: string): Model | undefined;
  /** undefined when the provider lists no such model or no price for that day. */
  pricesOf(model: Model, at: Date): Prices | undefined;
}

/** What vendors put behind the name of a family: a date, a number or "latest". */
const SNAPSHOT = /-(?:\d{4}-\d{2}-\d{2}|\d{8}|\d{3,4}|latest)$/;

/**
 * Reads PRICES_FILE; throws ConfigError naming the file and the entry at fault. Models of other
 * than the given providers are left out; their order says whom to prefer.
 */
export async function loadCatalogue(
  path: string,
  { providers }: { readonly providers: readonly string[] },
): Promise<Catalogue> {
  let parsed: z.ZodSafeParseResult<z.infer<typeof catalogueSchema>>;
  try {
    parsed = catalogueSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new ConfigError(`PRICES_FILE ${path} cannot be read as JSON.`, { cause });
  }
  if (parsed.success) return createCatalogue(parsed.data.entries, providers);
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`PRICES_FILE ${path} is not a price table: ${problems.join('; ')}.`);
}

function createCatalogue(entries: readonly Entry[], providers: readonly string[]): Catalogue {
  const listed = new Map(
    providers.map((provider) => {
      const own = entries.filter((entry) => entry.provider === provider);
      return [provider, Map.groupBy(own, ({ model }) => model)];
    }),
  );

  const find = (provider: string, name: string): Model | undefined => {
    const known = listed.get(provider);
    // A snapshot costs as its family, unless the table lists the snapshot itself.
    if (known?.has(name)) return { provider, name };
    const family = name.replace(SNAPSHOT, '');
    return known?.has(family) ? { provider, name: family } : undefined;
  };
  const locate: Catalogue['locate'] = (modelName) => {
    const slash = modelName.indexOf('/');
    const prefix = modelName.slice(0, Math.max(slash, 0));
    return listed.has(prefix)
      ? { providers: [prefix], name: modelName.slice(slash + 1) }
      : { providers: providers.filter((name) => find(name, modelName)), name: modelName };
  };

  return {
    models: [...listed].flatMap(([provider, models]) =>
      [...models.keys()].sort().map((name) => ({ provider, name })),
    ),
    locate,
    resolve: (modelName, given) => {
      const { providers: located, name } = locate(modelName);
      return find(given ?? located[0] ?? '', name);
    },
    pricesOf: ({ provider, name }, at) => {
      const today = at.toISOString().slice(0, 10);
      return listed
        .get(provider)
        ?.get(find(provider, name)?.name ?? '')
        ?.find(
          ({ validFrom, validTo }) =>
            validFrom <= today && (validTo === undefined || today < validTo),
        );
    },
  };
}
