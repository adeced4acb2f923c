import { describe, expect, test } from 'vitest';
import { movementBetween } from '#harness/metrics/movement-between.ts';
import { parseExposition } from '#harness/metrics/parse-exposition.ts';
import type { Scenario } from '#harness/traffic/scenario.ts';
import type { ServiceCall } from '#harness/traffic/service-call.ts';
import { compareModes } from './compare-modes.ts';
import type { ModeSegment } from './mode-segment.ts';

const scenario: Scenario = {
  name: 'success',
  says: 'An answer.',
  caller: 'own-key',
  request: { method: 'POST', path: '/chat/completions', body: {} },
  provider: [],
  expect: { status: 200 },
  movement: {},
  movementIn: { testing: { 'lookups_total{source="database"}': 2 } },
};

interface Differing {
  body?: unknown;
  row?: Record<string, string>;
  requests?: number;
  lookups?: number;
}

function segment(mode: ModeSegment['mode'], differing: Differing = {}): ModeSegment {
  const { body = { id: mode }, row = { cost: '5' }, requests = 1, lookups = 1 } = differing;
  const text = (by: { requests: number; lookups: number }): string =>
    `# TYPE requests_total counter\nrequests_total ${by.requests}\n# TYPE lookups_total counter\nlookups_total{source="database"} ${by.lookups}\n`;
  const call = { status: 200, end: 'completed', body, events: [] } as unknown as ServiceCall;
  const movement = movementBetween(
    parseExposition(text({ requests: 0, lookups: 0 })),
    parseExposition(text({ requests, lookups })),
  );
  const rows = { usage: [row] };
  return {
    mode,
    outcomes: [{ scenario: 'success', calls: [call], movement, rows, checks: 1, findings: [] }],
    facts: [],
    factFindings: [],
    simulatorFindings: [],
    cassetteUses: [],
    hostile: { requests: 0, findings: [] },
    readings: { lastOfProcesses: [], durationsMs: [], findings: [] },
    metrics: { selector: '', atSeconds: 0 },
    summaryFields: [],
    durationsMs: { start: 0, scenarios: 0, scraping: 0, settle: 0, reconcile: 0, hostile: 0 },
  };
}

function checksFor(differing: Differing): string[] {
  const { findings } = compareModes(segment('testing'), segment('production', differing), {
    scenarios: [scenario],
    volatileFields: ['id'],
  });
  return findings.map(({ check }) => check);
}

describe('compareModes', () => {
  test('finds nothing where only volatile fields and allowed series differ', () => {
    expect(checksFor({ lookups: 7 })).toEqual([]);
  });

  test.for([
    [{ body: { id: 'x', text: 'other' } }, 'modes/success/answers'],
    [{ row: { cost: '6' } }, 'modes/success/rows'],
    [{ requests: 2 }, 'modes/success/movements'],
  ] as const)('finds %j', ([differing, check]) => {
    expect(checksFor(differing)).toEqual([check]);
  });

  test('shows the first line that differs in both modes', () => {
    const { findings } = compareModes(
      segment('testing'),
      segment('production', { row: { cost: '6' } }),
      { scenarios: [scenario], volatileFields: ['id'] },
    );
    expect(findings[0]?.message).toContain('testing:    ["usage",[{"cost":"5"}]]');
    expect(findings[0]?.message).toContain('production: ["usage",[{"cost":"6"}]]');
  });
});
