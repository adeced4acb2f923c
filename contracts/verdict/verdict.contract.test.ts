import { beforeAll, describe, expect, test } from 'vitest';
import { facts } from '#contracts/facts.ts';
import { providerCases } from '#contracts/providers/cases.ts';
import { scenarios } from '#contracts/scenarios.ts';
import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import { loadDashboards } from '#harness/dashboards/load-dashboards.ts';
import type { Verdict } from '#harness/gates/verdict.ts';
import { verify } from '#harness/gates/verify.ts';
import { NO_BROWSER, openInBrowser } from '#harness/preview/browser.fixture.ts';
import { measurePage } from '#harness/preview/page/measure-page.fixture.js';

/** The reference service, verified once; every test looks at the same verdict. */
let verdict: Verdict;
let preview: string | undefined;

beforeAll(async () => {
  verdict = await verify(await loadConfig(), {
    profile: 'local',
    seed: 'contract',
    withTests: false,
    harness: loadHarnessEnvironment(),
    baseEnv: childEnvironment(),
    onGate: () => undefined,
    onPreview: (page) => {
      preview = page;
    },
    progress: () => undefined,
    signal: AbortSignal.timeout(170_000),
  });
}, 180_000);

describe('the reference service', () => {
  test('has no finding in any gate', { tags: ['integration', 'slow'] }, () => {
    expect(verdict.gates.flatMap(({ findings }) => findings)).toEqual([]);
    expect(verdict.verdict).toBe('PASS');
  });

  test('was answered by every recording, and is told where none of a live provider is there', {
    tags: ['integration', 'slow'],
  }, () => {
    const hits = verdict.cassettes.filter(({ outcome }) => outcome === 'HIT');
    expect(hits).toHaveLength(providerCases.length);
    expect(verdict.cassettes).toEqual(hits);
    expect(verdict.gates.find(({ name }) => name === 'recordings')).toMatchObject({
      status: hits.some(({ provenance }) => provenance !== 'live') ? 'not-run' : 'passed',
    });
  });

  test('has every fact witnessed in both modes', { tags: ['integration', 'slow'] }, () => {
    for (const mode of ['testing', 'production'] as const) {
      const witnessed = new Set(
        verdict.facts.filter((row) => row.mode === mode && row.equal).map(({ name }) => name),
      );
      expect([...witnessed].sort()).toEqual(facts.map(({ name }) => name).sort());
    }
  });

  test('was asked by every scenario in both modes', { tags: ['integration', 'slow'] }, () => {
    const modes = verdict.gates.find(({ name }) => name === 'modes');
    expect(modes?.checks).toBe(3 * scenarios.length);
  });

  test('leaves the coverage gate not run when no tests ran', {
    tags: ['integration', 'slow'],
  }, () => {
    expect(verdict.gates.find(({ name }) => name === 'coverage')).toMatchObject({
      status: 'not-run',
      reason: 'the test suite was not run (--no-tests)',
    });
  });

  test('draws every panel of its dashboards, and none is empty without a written reason', {
    tags: ['integration', 'slow'],
  }, async ({ skip }) => {
    const { dashboards: { folder, empty = {} } = { folder: '' } } = (await loadConfig()).config;
    const dashboards = await loadDashboards(folder);
    await using opened = (await openInBrowser(preview ?? '', { width: 700 })) ?? skip(NO_BROWSER);
    const ids = dashboards.flatMap(({ uid, panels }) => panels.map(({ id }) => `${uid}-${id}`));
    const reasons = Object.values(empty);
    expect(
      await opened.page.locator('.panel').evaluateAll((all) => all.map(({ id }) => id)),
    ).toEqual(expect.arrayContaining(ids));
    const said = await opened.page.locator('.empty span, .partly').allInnerTexts();
    expect(said.filter((text) => !reasons.some((reason) => text.endsWith(reason)))).toEqual([]);
    expect(await opened.page.evaluate(measurePage)).toMatchObject({ width: 700, overflowing: [] });
    expect(opened.problems).toEqual([]);
  });

  test('names what was judged with what', { tags: ['integration', 'slow'] }, () => {
    expect(verdict.versions).toMatchObject({
      tally: expect.stringMatching(/^\d+\.\d+/),
      node: process.versions.node,
      postgres: expect.stringMatching(/^\d+/),
      prometheus: expect.stringMatching(/^\d+\.\d+/),
    });
    expect(verdict.seed).toBe('contract');
  });
});
