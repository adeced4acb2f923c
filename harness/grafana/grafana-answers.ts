import { z } from 'zod';

/** The reference of every query that Tally sends. */
export const REF_ID = 'A';

/** As many as Grafana gives in one answer. */
export const SEARCH_LIMIT = 5_000;

/** `version` is left out by a Grafana that hides it. */
export const health = z.object({ database: z.string(), version: z.string().default('unknown') });
export type Health = z.infer<typeof health>;

/** A data source that does not exist has a message only. */
export const dataSourceHealth = z.object({
  status: z.string().default('ERROR'),
  message: z.string().default(''),
});
export type DataSourceHealth = z.infer<typeof dataSourceHealth>;

export const search = z.array(
  z.object({ uid: z.string(), title: z.string(), folderUid: z.string().default('') }),
);
export type FoundDashboard = z.infer<typeof search>[number];

export const dashboard = z
  .object({ dashboard: z.record(z.string(), z.unknown()).optional() })
  .transform((answer): unknown => answer.dashboard);

// JSON has no NaN and no infinity: such a value is null, and named beside the values.
const entities = z.object({
  Inf: z.array(z.number()).default([]),
  NegInf: z.array(z.number()).default([]),
});

const frame = z.object({
  schema: z.object({ fields: z.array(z.object({ type: z.string() })) }),
  data: z.object({
    values: z.array(z.array(z.unknown())),
    entities: z.array(entities.nullable()).nullish(),
  }),
});

type Frame = z.infer<typeof frame>;

/** The answer to one query; only `message` where none could be tried. */
export const queryData = z
  .union([
    z.object({
      results: z.object({
        [REF_ID]: z.object({
          error: z.string().optional(),
          frames: z.array(frame).nullish(),
        }),
      }),
    }),
    z.object({ message: z.string() }),
  ])
  .transform((answer): { hasData: boolean } | { error: string } => {
    if ('message' in answer) return { error: answer.message };
    const { error, frames } = answer.results[REF_ID];
    return error === undefined ? { hasData: (frames ?? []).some(showsData) } : { error };
  });

/** NaN is no data: a share of nothing, a quantile of nothing. */
function showsData({ schema, data }: Frame): boolean {
  return schema.fields.some(({ type }, index) => {
    if (type !== 'number') return false;
    const { Inf: above = [], NegInf: below = [] } = data.entities?.[index] ?? {};
    const numbers = data.values[index]?.filter((value) => typeof value === 'number') ?? [];
    return numbers.length + above.length + below.length > 0;
  });
}

const rule = z.object({
  name: z.string(),
  type: z.string(),
  health: z.string().default('unknown'),
});
export type AlertRule = z.infer<typeof rule>;

/** Recording rules are left out. */
export const rules = z
  .object({ data: z.object({ groups: z.array(z.object({ rules: z.array(rule) })) }) })
  .transform(({ data }) =>
    data.groups.flatMap((group) => group.rules).filter(({ type }) => type === 'alerting'),
  );
