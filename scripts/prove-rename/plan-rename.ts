import { glob, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadAlerts } from '#harness/alerts/load-alerts.ts';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import type { ServiceConfig } from '#harness/config/tally-config.ts';
import { loadDashboards } from '#harness/dashboards/load-dashboards.ts';
import type { Defect } from '#harness/defects/defect.ts';
import type { Finding } from '#harness/findings/finding.ts';

/** Who asks for metrics by name, each by the check that must find a name gone. */
export type Askers = Readonly<Record<'panels' | 'alerts' | 'facts', ReadonlyMap<string, string>>>;
export type Kind = keyof Askers;
export const KINDS: readonly Kind[] = ['panels', 'alerts', 'facts'];

/** Everything that asks for metrics: the check of each, and its PromQL. */
export async function loadAskers({ config, root }: LoadedConfig): Promise<Askers> {
  const { dashboards, alerts, facts } = config;
  const drawn = dashboards ? await loadDashboards(resolve(root, dashboards.folder)) : [];
  const ruled = alerts
    ? await loadAlerts({ rules: resolve(root, alerts.rules), tests: resolve(root, alerts.tests) })
    : { alerts: [] };
  const panels = drawn.flatMap(({ uid, panels: all, templating }) => [
    ...all.flatMap(({ id, targets }) =>
      targets.map(({ refId, expr }) => [`dashboards/${uid}/${id}/${refId}`, expr] as const),
    ),
    [`dashboards/${uid}/variables`, templating.list.map(({ query }) => query).join('\n')] as const,
  ]);
  return {
    // Tally's own metrics tell of this run, which is without recordings.
    panels: new Map(panels.filter(([, promql]) => !/\btally_/.test(promql))),
    alerts: new Map(ruled.alerts.map(({ alert, expr }) => [`alerts/${alert}/selector`, expr])),
    facts: new Map(
      facts.map(({ name, promql }) => [`reconciliation/${name}`, JSON.stringify(promql)]),
    ),
  };
}

/** "byom_tokens_total" → "byom_tokenss_total": a slip that changes nothing else. */
export function misspelt(family: string): string {
  return family.replace(/(?=(?:_total|_seconds)?$)/, 's');
}

/**
 * The families that the source of the service names, where it registers or reads them: each in
 * quotes, a histogram's samples with names of their own.
 */
export async function planRename(
  root: string,
  source: string,
  family: string,
): Promise<Required<Pick<Defect, 'patches' | 'misconfigure'>>> {
  const quoted = new RegExp(`(?<=')${family}(?=(?:_bucket|_sum|_count)?')`, 'g');
  const rename = (text: string): string => text.replaceAll(quoted, misspelt(family));
  const patches: { file: string; find: string; replace: string }[] = [];
  for await (const file of glob(`${source}/**/*.ts`, { cwd: root })) {
    const find = file.endsWith('.test.ts') ? '' : await readFile(join(root, file), 'utf8');
    const replace = rename(find);
    if (replace !== find) patches.push({ file, find, replace });
  }
  // What Tally must know to see the service at rest goes along; facts, panels and alerts do not.
  const exactly = (name: string): string => (name === family ? misspelt(family) : name);
  return {
    patches,
    misconfigure: (config) => ({ ...config, service: renamedIn(config.service, exactly) }),
  };
}

function renamedIn(service: ServiceConfig, rename: (name: string) => string): ServiceConfig {
  const { durationMetrics } = service;
  return {
    ...service,
    inFlightMetrics: service.inFlightMetrics.map(rename),
    decayingMetrics: service.decayingMetrics.map(rename),
    ...(durationMetrics && {
      durationMetrics: {
        operation: rename(durationMetrics.operation),
        firstToken: rename(durationMetrics.firstToken),
      },
    }),
  };
}

/** What a rename turned red of one kind, what it should have, and whose message has no new name. */
export interface Judgement {
  expected: readonly string[];
  /** Red, though it does not use the name; or not red, though it does. */
  wrong: readonly string[];
  silent: readonly string[];
}

export function judgeRename(
  family: string,
  kind: Kind,
  { askers, findings }: { askers: Askers; findings: readonly Finding[] },
): Judgement {
  const used = new RegExp(`\\b${family}(?:_bucket|_sum|_count)?\\b`);
  const all = [...askers[kind]];
  const expected = all.filter(([, promql]) => used.test(promql)).map(([check]) => check);
  const red = new Set(
    findings.map(({ check }) => check).filter((check) => askers[kind].has(check)),
  );
  const isNamed = (wanted: string): boolean =>
    findings.some(({ check, message }) => check === wanted && message.includes(misspelt(family)));
  return {
    expected,
    wrong: all
      .map(([check]) => check)
      .filter((check) => red.has(check) !== expected.includes(check)),
    silent: expected.filter((check) => red.has(check) && !isNamed(check)),
  };
}

/** The families that a panel, an alert or a fact asks for, of those given. */
export function askedFor(families: readonly string[], askers: Askers): string[] {
  const findings: Finding[] = [];
  return families.filter((family) =>
    KINDS.some((kind) => judgeRename(family, kind, { askers, findings }).expected.length > 0),
  );
}
