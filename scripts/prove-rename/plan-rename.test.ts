import { expect, test } from 'vitest';
import { type Askers, askedFor, judgeRename, misspelt, planRename } from './plan-rename.ts';

const askers: Askers = {
  panels: new Map([
    ['dashboards/d/1/A', 'rate(x_total[1m])'],
    ['dashboards/d/2/A', 'rate(x_total_more[1m])'],
  ]),
  alerts: new Map([['alerts/Slow/selector', 'x_seconds_bucket > 1']]),
  facts: new Map([['reconciliation/x', 'sum(x_total{$service})']]),
};

test('a slip comes before the unit', () => {
  expect(['x_total', 'x_seconds', 'x_users'].map(misspelt)).toEqual([
    'xs_total',
    'xs_seconds',
    'x_userss',
  ]);
});

test('renames a family wherever the service names it, and nothing else', async () => {
  const family = 'gen_ai_client_operation_duration_seconds';
  const { patches } = await planRename(process.cwd(), 'reference-app/src', family);
  expect(patches.length).toBeGreaterThan(1);
  for (const { find, replace } of patches) {
    expect(replace).not.toContain(`'${family}`);
    expect(replace.replaceAll(misspelt(family), family)).toBe(find);
  }
});

test('expects red where the very name is used, and the new name in each message', () => {
  const said = (check: string, message: string) => ({ check, message });
  const findings = [
    said('dashboards/d/1/A', 'no metric x_total. Did you mean "xs_total"?'),
    said('reconciliation/x', 'differs'),
    said('contracts/success/movement', 'moved'),
  ];
  const judge = (kind: 'panels' | 'alerts' | 'facts', found = findings) =>
    judgeRename('x_total', kind, { askers, findings: found });
  expect(judge('panels')).toEqual({ expected: ['dashboards/d/1/A'], wrong: [], silent: [] });
  expect(judge('facts')).toMatchObject({ wrong: [], silent: ['reconciliation/x'] });
  expect(judge('alerts', [said('alerts/Slow/selector', 'gone')])).toMatchObject({
    expected: [],
    wrong: ['alerts/Slow/selector'],
  });
  expect(judge('panels', [])).toMatchObject({ wrong: ['dashboards/d/1/A'] });
  expect(askedFor(['x_total', 'y_total', 'x_seconds'], askers)).toEqual(['x_total', 'x_seconds']);
});
