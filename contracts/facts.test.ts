import { describe, expect, test } from 'vitest';
import { facts } from './facts.ts';
import { FAMILIES_WITHOUT_FACT } from './families-without-fact.ts';
import { listDocumentedFamilies } from './summary/documented-families.ts';

const queries = facts.map(({ promql }) =>
  typeof promql === 'object' && 'query' in promql ? promql.query : JSON.stringify(promql),
);

function isAskedFor(family: string): boolean {
  const series = new RegExp(`\\b${family}(?:_bucket|_count|_sum)?\\{`);
  return queries.some((query) => series.test(query));
}

describe('the metrics of the service', () => {
  // The tests of /metrics hold the README to what is really there.
  test('have a fact each, or a reason why not', async () => {
    const families = await listDocumentedFamilies(process.cwd());
    expect(families).toContain('http_requests_total');
    const unwatched = families.filter((family) => !isAskedFor(family));
    expect(unwatched.sort()).toEqual(Object.keys(FAMILIES_WITHOUT_FACT).sort());
  });
});
