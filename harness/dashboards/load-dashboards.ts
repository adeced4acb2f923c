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

/** In Grafana's grid of 24 columns; a row is 38 pixels high. */
const gridPos = z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() });

const threshold = z.object({ value: z.number().nullable(), color: z.string().default('') });

const mapping = z.object({
  type: z.string(),
  options: z.record(z.string(), z.object({ text: z.string(), color: z.string().optional() })),
});

const panel = z.object({
  id: z.number().default(0),
  type: z.string(),
  title: z.string().default(''),
  description: z.string().default(''),
  datasource: datasource.optional(),
  gridPos: gridPos.default({ x: 0, y: 0, w: 24, h: 8 }),
  targets: z.array(target).default([]),
  transformations: z
    .array(
      z.object({
        id: z.string(),
        options: z.object({ renameByName: z.record(z.string(), z.string()).optional() }),
      }),
    )
    .default([]),
  fieldConfig: z
    .object({
      defaults: z.object({
        unit: z.string().optional(),
        min: z.number().optional(),
        thresholds: z.object({ steps: z.array(threshold) }).optional(),
        // Other kinds of mappings have other options.
        mappings: z.array(z.union([mapping, z.object({ type: z.string() })])).optional(),
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
  description: z.string().default(''),
  editable: z.boolean().default(true),
  templating: z.object({ list: z.array(variable).default([]) }).default({ list: [] }),
  panels: z.array(
    panel.extend({ panels: z.array(panel).default([]) }), // What a collapsed row hides.
  ),
});

export type Variable = z.infer<typeof variable>;
export type Panel = z.infer<typeof panel>;

/** A dashboard in Grafana's classic form, as far as it can be checked and drawn. */
export interface Dashboard extends Omit<z.infer<typeof dashboard>, 'panels'> {
  /** Without the rows around them. */
  panels: readonly Panel[];
  /** The titles between the panels, and where they stand. */
  rows: readonly Pick<Panel, 'title' | 'gridPos'>[];
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
    return parseDashboard(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** Throws ZodError. */
export function parseDashboard(source: unknown): Dashboard {
  const parsed = dashboard.parse(source);
  const panels = parsed.panels.flatMap((each) => [each, ...each.panels]);
  return {
    ...parsed,
    panels: panels.filter(({ type }) => type !== 'row'),
    rows: panels.filter(({ type }) => type === 'row'),
  };
}

function unreadable(place: string, cause: unknown): HarnessError {
  const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
  return new HarnessError(`${place} cannot be read: ${why}`, {
    code: 'H_DASHBOARDS_UNREADABLE',
    fix: 'Correct the file, or `dashboards` in tally.config.ts: a folder with *.json in the classic form.',
    cause,
  });
}
