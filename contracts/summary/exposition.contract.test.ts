import { describe, expect } from 'vitest';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { listDocumentedFamilies } from './documented-families.ts';
import { readSummary } from './read-summary.ts';

const integration = { tags: ['integration'] };
const MODES = [
  { mode: 'testing', test: serviceTest(), production: 0 },
  { mode: 'production', test: serviceTest({ mode: 'production' }), production: 1 },
] as const;

describe.for(MODES)('/metrics in $mode', ({ test, production }) => {
  test('is real Prometheus text without a word of mocks or tests', {
    tags: ['integration'],
  }, async ({ service }) => {
    await readSummary(service);
    const response = await fetch(service.metrics.metricsUrl, {
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toMatch(/^# HELP http_requests_total .+\n# TYPE http_requests_total counter\n/m);
    expect(text.match(/.*(mock|test).*/gi) ?? []).toEqual([]);
    expect(text).toContain(`\nbyom_production ${production}\n`);
  });

  test('has the families that the README lists, and no other', integration, async ({ service }) => {
    await readSummary(service);
    const families = [...(await service.metrics.read()).families.keys()];
    const own = families.filter((name) => !/^(process|nodejs)_/.test(name));
    expect(own.sort()).toEqual((await listDocumentedFamilies(service.root)).sort());
  });
});
