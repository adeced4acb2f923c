import { beforeAll, describe, expect, test } from 'vitest';
import { facts } from '#contracts/facts.ts';
import { providerCases } from '#contracts/providers/cases.ts';
import { scenarios } from '#contracts/scenarios.ts';
import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import type { Verdict } from '#harness/gates/verdict.ts';
import { verify } from '#harness/gates/verify.ts';

/** The reference service, verified once; every test looks at the same verdict. */
let verdict: Verdict;

beforeAll(async () => {
  verdict = await verify(await loadConfig(), {
    profile: 'local',
    seed: 'contract',
    withTests: false,
    harness: loadHarnessEnvironment(),
    baseEnv: childEnvironment(),
    onGate: () => undefined,
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
