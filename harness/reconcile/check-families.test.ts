import { expect, test } from 'vitest';
import { checkFamilies } from './check-families.ts';
import { type Fact, notAWitness } from './fact.ts';

const none = notAWitness('not asked');
const told = { says: 'x.', labels: [], wire: none, database: none, summary: none } as const;
const fact = (name: string, promql: Fact['promql']): Fact => {
  return { ...told, equality: 'integer', name, promql };
};

const FACTS = [
  fact('requests', 'sum(requests_total{$service})'),
  fact('slow', '1 - sum(duration_seconds_bucket{$service,le="1"}) / sum(duration_seconds_count)'),
  fact('top', { query: 'sum by (m) (requests_total{$service})', label: 'm', first: 3 }),
  fact('wire', none),
];
const REASONS = { 'process_*': 'of the runtime' };
const check = (families: readonly string[]) =>
  checkFamilies(FACTS, { families: new Set(families), reasons: REASONS }).map(
    ({ check: name, message }) => `${name}: ${message}`,
  );

test('finds nothing where every family has a fact or a reason', () => {
  expect(check(['requests_total', 'duration_seconds', 'process_cpu_seconds_total'])).toEqual([]);
});

test('names a family that no fact asks for', () => {
  const families = ['requests_total', 'duration_seconds', 'process_cpu_seconds_total', 'new_total'];
  expect(check(families)).toEqual([
    'reconciliation/family_without_fact: The service exports new_total, which belongs to no fact: nobody would notice if it were wrong.',
  ]);
});

test('names the new neighbour of a family that is gone, for each fact that asks for it', () => {
  expect(check(['request_total', 'duration_seconds', 'process_cpu_seconds_total'])).toEqual([
    'reconciliation/requests: requests asks for requests_total, which the service does not export. Did you mean "request_total"?',
    'reconciliation/top: top asks for requests_total, which the service does not export. Did you mean "request_total"?',
    'reconciliation/family_without_fact: The service exports request_total, which belongs to no fact: nobody would notice if it were wrong.',
  ]);
});

test('tells of a reason that excuses nothing', () => {
  expect(check(['requests_total', 'duration_seconds'])).toEqual([
    'reconciliation/family_without_fact: tally.config.ts says why no fact asks for process_*, but one does, or it is not there.',
  ]);
});
