import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

/** What Grafana demands of a dashboard that it reads from a file; the rest it would take as it is. */
const dashboardSchema = z.object({
  uid: z.string().regex(/^[\w-]{1,40}$/),
  title: z.string().min(1),
  // Grafana gives its own, and would overwrite whichever dashboard has this one.
  id: z.null().optional(),
  schemaVersion: z.number().int().min(36),
  // Only somebody who imports a file in the browser is asked for these.
  __inputs: z.never().optional(),
  panels: z.array(z.object({ id: z.number().int().positive() })),
  templating: z.object({ list: z.array(z.object({ type: z.string(), query: z.unknown() })) }),
});

const providersSchema = z.object({
  providers: z.tuple([
    z.object({ type: z.literal('file'), options: z.object({ path: z.string() }) }),
  ]),
});

const dataSourcesSchema = z.object({
  datasources: z.tuple([
    z.object({
      ...{ uid: z.string(), type: z.string(), url: z.string(), isDefault: z.boolean() },
      jsonData: z.object({ timeInterval: z.string() }),
    }),
  ]),
});

const composeSchema = z.object({
  services: z.object({
    grafana: z.object({
      environment: z.record(z.string(), z.string()),
      volumes: z.array(z.string()),
    }),
  }),
});

const [provider] = (await readYaml('provisioning/dashboards/byom.yml', providersSchema)).providers;
const [dataSource] = (await readYaml('provisioning/datasources/prometheus.yml', dataSourcesSchema))
  .datasources;
const { grafana } = (await readYaml('../docker-compose.yml', composeSchema)).services;
const files = await readdir(join(import.meta.dirname, 'dashboards'));

describe('what Grafana is provisioned from', () => {
  test('is where compose mounts it', () => {
    expect(grafana.volumes).toEqual([
      './grafana/provisioning:/etc/grafana/provisioning:ro',
      `./grafana/dashboards:${provider.options.path}:ro`,
    ]);
  });

  test('has a data source that every dashboard opens with', async () => {
    // tally.config.ts names no other uid, so the verdict asks this one.
    expect(dataSource).toMatchObject({ uid: 'prometheus', type: 'prometheus', isDefault: true });
    for (const { templating } of await readDashboards()) {
      const [variable] = templating.list.filter(({ type }) => type === 'datasource');
      expect(variable?.query).toBe(dataSource.type);
    }
  });

  test('leaves to variables, which compose sets, where Prometheus is and how often it scrapes', async () => {
    expect([dataSource.url, dataSource.jsonData.timeInterval]).toEqual([
      '$PROMETHEUS_URL',
      '$PROMETHEUS_SCRAPE_INTERVAL',
    ]);
    const scraping = z.object({ global: z.object({ scrape_interval: z.string() }) });
    const { global } = await readYaml('../prometheus/prometheus.yml', scraping);
    expect(grafana.environment).toMatchObject({
      PROMETHEUS_URL: 'http://prometheus:9090',
      PROMETHEUS_SCRAPE_INTERVAL: global.scrape_interval,
    });
  });
});

describe('the dashboards, as Grafana reads them from files', () => {
  test.for(files)('%s can be read', async (file) => {
    expect(file).toMatch(/\.json$/);
    const { panels } = await readDashboard(file);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  test('have each a uid and a title of their own, since they share a folder', async () => {
    const dashboards = await readDashboards();
    expect(dashboards).not.toEqual([]);
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
    expect(new Set(dashboards.map(({ title }) => title)).size).toBe(dashboards.length);
  });
});

async function readDashboards() {
  return await Promise.all(files.map(readDashboard));
}

async function readDashboard(file: string): Promise<z.infer<typeof dashboardSchema>> {
  const text = await readFile(join(import.meta.dirname, 'dashboards', file), 'utf8');
  return dashboardSchema.parse(JSON.parse(text));
}

async function readYaml<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.infer<Schema>> {
  return schema.parse(parse(await readFile(join(import.meta.dirname, path), 'utf8')));
}
