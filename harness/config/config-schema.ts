import { z } from 'zod';
import { scenarioSchema } from './scenario-schema.ts';

const name = z.string().min(1);
const command = z.tuple([z.string().min(1)], z.string());
const path = z.string().startsWith('/', 'must start with "/"');
const callable = z.custom<unknown>((value) => typeof value === 'function', 'must be a function');
const percent = z.number().min(0).max(100);
const limit = z.number().positive().optional();
const reasons = z.record(z.string(), name).optional();
const measure = z.strictObject({ percent, except: reasons }).optional();
const labels = z.array(name).optional();
const witness = z.object({ notAWitness: z.string().min(1) });

const fact = z.object({
  name: name.regex(/^[a-z0-9_]+$/, 'must be snake_case'),
  says: name,
  labels: z.array(name),
  equality: z.enum(['integer', 'float64', 'text']),
  toldByEach: z.literal(true).optional(),
  window: z.object({ ms: z.number().positive(), quietMs: z.number().positive() }).optional(),
  wire: z.union([callable, witness]),
  database: z.union([name, witness]),
  summary: z.union([z.object({ path: name, scale: z.number().optional() }), witness]),
  promql: z.union([name, z.object({ query: name, label: name, first: z.number() }), witness]),
});

/** Checks what a config file exports; functions are checked to be functions. */
export const tallyConfigSchema = z.object({
  service: z.object({
    name,
    command,
    buildImage: command.optional(),
    cwd: name.optional(),
    port: z.number().int().min(1).max(65_535).optional(),
    environment: callable,
    database: z.object({
      migrate: z.array(command),
      seed: command,
      events: z.record(z.string(), name).optional(),
      rows: z.record(z.string(), name),
    }),
    authorization: callable,
    readyPath: path,
    readyTimeoutMs: z.number().int().positive(),
    metricsPath: path,
    summaryPath: path,
    epoch: z.object({ metric: name, field: name }).optional(),
    productionMetric: name.optional(),
    inFlightMetrics: z.array(name),
    durationMetrics: z.object({ operation: name, firstToken: name }).optional(),
    decayingMetrics: z.array(name),
    volatileFields: z.array(name),
  }),
  scenarios: z.array(scenarioSchema).min(1),
  facts: z.array(fact).min(1),
  withoutFact: reasons,
  cassettes: name.optional(),
  prices: name.optional(),
  alerts: z
    .object({
      rules: name,
      tests: name,
      firing: z.object({ prometheus: name, alertmanager: name }).optional(),
    })
    .optional(),
  observability: z
    .strictObject({
      metricFamilies: measure,
      labelValues: z
        .strictObject({ percent, except: reasons, open: labels, per: labels })
        .optional(),
      shownFamilies: measure,
      testedAlerts: measure,
      firedAlerts: measure,
      summaryFields: measure,
    })
    .optional(),
  exposition: z
    .strictObject({
      allowed: reasons,
      totals: reasons,
      hostileRequests: z.number().int().nonnegative().optional(),
      limits: z.strictObject({ bytes: limit, series: limit, durationMs: limit }).optional(),
    })
    .optional(),
  dashboards: z
    .object({ folder: name, provisioning: name.optional(), dataSource: name.optional() })
    .extend({ empty: reasons, notShown: reasons })
    .optional(),
  production: z.object({ environment: z.record(z.string(), z.string()), root: name.optional() }),
  recordings: z
    .strictObject({
      maxAgeDays: z.number().int().positive().optional(),
      allowSynthetic: z.array(name).optional(),
    })
    .optional(),
  tests: z
    .object({
      command,
      coverage: z.object({ lines: percent, branches: percent, functions: percent }),
    })
    .optional(),
});
