import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PromtoolOptions, runPromtool } from '#harness/alerts/promtool.ts';
import type { Finding } from '#harness/findings/finding.ts';
import { DashboardProblem, interpolate } from './interpolate.ts';
import type { DrawnRange } from './intervals.ts';
import type { Dashboard } from './load-dashboards.ts';

const OBJECTION = /"panel:(\d+)": could not parse expression: (.*)/;

/**
 * Has promtool type-check every panel query, each as a recording rule: without data too, and also
 * the parts that an evaluation does not reach. Throws H_ALERTS_PROMTOOL.
 */
export async function checkTypes(
  dashboards: readonly Dashboard[],
  { drawn, ...options }: Omit<PromtoolOptions, 'input'> & { drawn: DrawnRange },
): Promise<Finding[]> {
  const queries = dashboards.flatMap((dashboard) => queriesOf(dashboard, drawn));
  const rules = queries.map(({ query }, index) => ({ record: `panel:${index}`, expr: query }));
  const folder = await mkdtemp(join(tmpdir(), 'tally-panels-'));
  try {
    const file = join(folder, 'panels.json');
    await writeFile(file, JSON.stringify({ groups: [{ name: 'panels', rules }] }));
    const said = await runPromtool(['check', 'rules', '--lint=none', file], options);
    return (said?.split('\n') ?? []).flatMap((line) => {
      const [, index, objection] = OBJECTION.exec(line) ?? [];
      const refused = queries[Number(index)];
      if (refused === undefined) return [];
      const message = `${refused.title}: promtool: ${objection}\nquery: ${refused.query}`;
      return [{ check: `dashboards/${refused.place}`, message }];
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface NamedQuery {
  place: string;
  title: string;
  query: string;
}

/** Whatever is chosen of a variable, the types are the same. */
function queriesOf(dashboard: Dashboard, drawn: DrawnRange): NamedQuery[] {
  const { uid, title, templating, panels } = dashboard;
  const variables = templating.list.map(({ name, multi, includeAll }) => {
    return { name, multi, includeAll, chosen: ['any'] };
  });
  const targets = panels.flatMap((panel) => panel.targets.map((target) => ({ panel, target })));
  return targets.flatMap(({ panel, target: { refId, expr } }) => {
    const query = interpolated(expr);
    const names = { place: `${uid}/${panel.id}/${refId}`, title: `"${title}" / "${panel.title}"` };
    return query === undefined ? [] : [{ ...names, query }];
  });

  /** undefined: drawing it says what it refers to in vain. */
  function interpolated(expr: string): string | undefined {
    try {
      return interpolate(expr, variables, drawn);
    } catch (error) {
      if (error instanceof DashboardProblem) return undefined;
      throw error;
    }
  }
}
