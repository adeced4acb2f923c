import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigError } from '../config.ts';
import { TOKEN_CLASSES, type TokenPrices } from './cost.ts';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'must be a day as YYYY-MM-DD' });
const picoUsd = z
  .string()
  .regex(/^\d+$/, { error: 'must be pico-USD per token, as a string of digits' })
  .transform(BigInt);
// A label value with a comma or a colon could merge two series in prom-client.
const labelValue = z.string().regex(/^[A-Za-z0-9._-]+$/);

const catalogueSchema = z.object({
  schemaVersion: z.literal(1),
  entries: z
    .array(
      z.object({
        provider: z.literal('openai'),
        model: labelValue,
        validFrom: day,
        validTo: day.optional(),
        retiredOn: day.optional(),
        prices: z.record(z.enum(TOKEN_CLASSES), picoUsd),
      }),
    )
    .min(1),
});

type Entry = z.infer<typeof catalogueSchema>['entries'][number];

interface Model {
  readonly provider: string;
  readonly name: string;
}

/** The dated price table: which models there are, and what a token costs on a given day. */
export interface Catalogue {
  /** Each model once, ordered by name. */
  readonly models: readonly Model[];
  /** The catalogue's name for what a client or a provider calls a model; undefined if unknown. */
  resolve(modelName: string): Model | undefined;
  /** undefined when the model is unknown or has no price on that day. */
  pricesOf(modelName: string, at: Date): TokenPrices | undefined;
}

const DATED_SNAPSHOT = /-\d{4}-\d{2}-\d{2}$/;

/** Reads PRICES_FILE; throws ConfigError naming the file and the entry at fault. */
export async function loadCatalogue(path: string): Promise<Catalogue> {
  let parsed: z.ZodSafeParseResult<z.infer<typeof catalogueSchema>>;
  try {
    parsed = catalogueSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new ConfigError(`PRICES_FILE ${path} cannot be read as JSON.`, { cause });
  }
  if (parsed.success) return createCatalogue(parsed.data.entries);
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`PRICES_FILE ${path} is not a price table: ${problems.join('; ')}.`);
}

function createCatalogue(entries: readonly Entry[]): Catalogue {
  const entriesByModel = Map.groupBy(entries, (entry) => entry.model);
  const models = [...entriesByModel].map(([name, [first]]) => ({
    name,
    provider: first?.provider ?? '',
  }));
  models.sort((left, right) => (left.name < right.name ? -1 : 1));
  const modelsByName = new Map(models.map((model) => [model.name, model]));

  // A dated snapshot costs as its family, unless the table lists the snapshot itself.
  const resolve = (name: string): Model | undefined =>
    modelsByName.get(name) ?? modelsByName.get(name.replace(DATED_SNAPSHOT, ''));

  return {
    models,
    resolve,
    pricesOf: (name, at) => {
      const today = at.toISOString().slice(0, 10);
      return entriesByModel
        .get(resolve(name)?.name ?? '')
        ?.find(
          ({ validFrom, validTo }) =>
            validFrom <= today && (validTo === undefined || today < validTo),
        )?.prices;
    },
  };
}
