import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadHarnessEnvironment } from '#harness/config/env.ts';
import { checkText } from '#harness/exposition/check-text.ts';
import { findPrometheus } from '#harness/stack/embedded/prometheus/find-prometheus.ts';
import { loadLatestRun } from './load-latest-run.ts';
import { renderRunMetrics } from './render-run-metrics.ts';
import type { RunState } from './run-state.ts';
import { serveRunMetrics } from './serve-run-metrics.ts';

const RUN: RunState = {
  profile: 'local',
  commit: null,
  gates: [{ name: 'modes', status: 'failed', checks: 3, durationMs: 1_500, findings: [{}, {}] }],
  facts: [
    { name: 'tokens', mode: 'testing', equal: true },
    { name: 'tokens', mode: 'testing', equal: false },
  ],
};

/** The samples of a text, without its comments. */
function samplesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('the metrics of a run', () => {
  test('tell what is known, and nothing of what is not', async () => {
    expect(samplesOf(await renderRunMetrics(RUN))).toEqual([
      'tally_run_info{profile="local",commit="unknown"} 1',
      'tally_gate_status{gate="modes",status="passed"} 0',
      'tally_gate_status{gate="modes",status="failed"} 1',
      'tally_gate_status{gate="modes",status="not-run"} 0',
      'tally_gate_checks{gate="modes"} 3',
      'tally_gate_findings{gate="modes"} 2',
      'tally_gate_duration_seconds{gate="modes"} 1.5',
      'tally_fact_values{fact="tokens",mode="testing"} 2',
      'tally_fact_values_differing{fact="tokens",mode="testing"} 1',
    ]);
    expect(samplesOf(await renderRunMetrics({}))).toEqual([]);
  });

  test('count what was played, and name the outcomes that none had', async () => {
    const played = [0, 0, 2].map((findings) => ({ mode: 'testing', scenario: 'x', findings }));
    const text = await renderRunMetrics({
      scenarios: played,
      cassettes: [{ provenance: 'live', outcome: 'HIT' }],
    });
    expect(samplesOf(text)).toEqual(
      expect.arrayContaining([
        'tally_scenarios{mode="testing",result="passed"} 2',
        'tally_scenarios{mode="testing",result="failed"} 1',
        'tally_recordings{provenance="live",outcome="DRIFT"} 0',
        'tally_recordings{provenance="live",outcome="HIT"} 1',
      ]),
    );
  });

  test('are named as Prometheus wants it', async ({ signal, skip }) => {
    const { promtool } =
      (await findPrometheus(loadHarnessEnvironment())) ?? skip('no promtool here');
    expect(await checkText(await renderRunMetrics(RUN), { promtool, signal })).toEqual([]);
  });

  test('are served as they grow', async () => {
    await using own = await serveRunMetrics({ profile: 'local' });
    own.publish({ durationMs: 2_000 });
    const answer = await fetch(own.url);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(samplesOf(await answer.text())).toEqual([
      'tally_run_info{profile="local",commit="unknown"} 1',
      'tally_run_duration_seconds 2',
    ]);
  });
});

test('the newest verdict is read as far as it can be', async () => {
  const root = await mkdtemp(join(tmpdir(), 'runs-'));
  onTestFinished(() => rm(root, { recursive: true }));
  expect(await loadLatestRun(root)).toBeUndefined();
  const folder = join(root, '.tally', 'latest');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'verdict.json'), JSON.stringify({ ...RUN, seed: 'a' }));
  expect(await loadLatestRun(root)).toEqual(RUN);
  await writeFile(join(folder, 'verdict.json'), '{"verdict":');
  expect(await loadLatestRun(root)).toBeUndefined();
});
