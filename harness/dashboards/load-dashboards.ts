import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { HarnessError } from '#harness/errors/harness-error.ts';

const datasource = z.object({ type: z.string().optional(), uid: z.string() });

const target = z.object({
  refId: z.string(),
  expr: z.string().default(''),
  legendFormat: z.string().default(''),
  /** Asked once, at the end of the time range. */
  instant: z.boolean().default(false),
  datasource: datasource.optional(),
});

const panel = z.object({
  id: z.number().default(0),
  type: z.string(),
  title: z.string().default(''),
  description: z.string().default(''),
  datasource: datasource.optional(),
  targets: z.array(target).default([]),
  fieldConfig: z
    .object({
      defaults: z.object({
        unit: z.string().optional(),
        thresholds: z
          .object({ steps: z.array(z.object({ value: z.number().nullable() })) })
          .optional(),
      }),
    })
    .optional(),
});

const variable = z.object({
  name: z.string(),
  type: z.string(),
  query: z
    .union([z.string(), z.object({ query: z.string() }).transform(({ query }) => query)])
    .default(''),
  multi: z.boolean().default(false),
  includeAll: z.boolean().default(false),
  allValue: z.string().nullish(),
});

const dashboard = z.object({
  uid: z.string(),
  title: z.string().default(''),
  editable: z.boolean().default(true),
  templating: z.object({ list: z.array(variable).default([]) }).default({ list: [] }),
  panels: z.array(
    panel.extend({ panels: z.array(panel).default([]) }), // What a collapsed row hides.
  ),
});

export type Variable = z.infer<typeof variable>;
export type Panel = z.infer<typeof panel>;

/** A dashboard in Grafana's classic form, as far as it can be checked. */
export interface Dashboard extends Omit<z.infer<typeof dashboard>, 'panels'> {
  /** Without the rows around them. */
  panels: readonly Panel[];
}

/** Reads every `*.json` of a folder. Throws H_DASHBOARDS_UNREADABLE. */
export async function loadDashboards(folder: string): Promise<Dashboard[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw unreadable(folder, cause);
  });
  const files = names.filter((name) => name.endsWith('.json')).sort();
  return await Promise.all(files.map((name) => loadDashboard(join(folder, name))));
}

async function loadDashboard(file: string): Promise<Dashboard> {
  try {
    const parsed = dashboard.parse(JSON.parse(await readFile(file, 'utf8')));
    const panels = parsed.panels.flatMap((each) => [each, ...each.panels]);
    return { ...parsed, panels: panels.filter(({ type }) => type !== 'row') };
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(place: string, cause: unknown): HarnessError {
  const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
  return new HarnessError(`${place} cannot be read: ${why}`, {
    code: 'H_DASHBOARDS_UNREADABLE',
    fix: 'Correct the file, or `dashboards` in tally.config.ts: a folder with *.json in the classic form.',
    cause,
  });
}
