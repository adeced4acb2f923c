import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type LoadedConfig, loadConfig } from '#harness/config/load-config.ts';
import type { ModeSegment } from '#harness/modes/mode-segment.ts';
import { cassettesOf } from '#harness/traffic/scenario.ts';
import { judgeRecordings, loadRecordings } from './judge-recordings.ts';

let loaded: LoadedConfig;
beforeAll(async () => {
  loaded = await loadConfig('tally.config.ts');
});

const now = new Date('2026-11-23T00:00:00Z');

/** A mode in which every recording was replayed that a scenario names. */
function replayedAll(mode: ModeSegment['mode']): ModeSegment {
  const ids = loaded.config.scenarios.flatMap(cassettesOf);
  const cassetteUses = ids.map((id) => ({ id, unused: [], drifts: [], misses: [] }));
  const durationsMs = { start: 0, scenarios: 0, scraping: 0, settle: 0, reconcile: 0, hostile: 0 };
  const nothing = { outcomes: [], facts: [], factFindings: [], simulatorFindings: [] };
  const metrics = { selector: '', atSeconds: 0 };
  const readings = { lastOfProcesses: [], durationsMs: [], findings: [] };
  const hostile = { requests: 0, findings: [] };
  return {
    mode,
    ...nothing,
    summaryFields: [],
    cassetteUses,
    readings,
    hostile,
    metrics,
    durationsMs,
  };
}

const withConfig = (change: Partial<LoadedConfig['config']>): LoadedConfig => ({
  ...loaded,
  config: { ...loaded.config, ...change },
});

const judged = async (config: LoadedConfig, segments: readonly ModeSegment[], on = now) =>
  judgeRecordings(await loadRecordings(config), { segments, now: on }).map(({ id, outcome }) => [
    id,
    outcome,
  ]);

describe('the recordings of the project', () => {
  test('are all hits when all were replayed, and unchecked when nothing was', async () => {
    const segments = [replayedAll('testing'), replayedAll('production')];
    expect(new Set((await judged(loaded, segments)).map(([, outcome]) => outcome))).toEqual(
      new Set(['HIT']),
    );
    const [first] = judgeRecordings(await loadRecordings(loaded), { segments: [], now });
    expect(first).toMatchObject({ outcome: 'UNCHECKED', reason: 'no scenario was played' });
  });

  test('are unused when no scenario names them', async () => {
    const scenarios = loaded.config.scenarios.filter(
      (one) => !cassettesOf(one).includes('openai/chat'),
    );
    const outcomes = await judged(withConfig({ scenarios }), [replayedAll('testing')]);
    expect(outcomes.filter(([, outcome]) => outcome !== 'HIT')).toEqual([
      ['openai/chat', 'UNUSED'],
    ]);
  });

  test('are stale by their age, or by the retirement of their models', async () => {
    const later = await judged(loaded, [replayedAll('testing')], new Date('2027-06-01'));
    expect(later).toContainEqual(['openai/chat', 'STALE']);
    const prices = join(tmpdir(), `prices-${process.pid}.json`);
    onTestFinished(() => rm(prices));
    const entries = [{ provider: 'openai', model: 'gpt-5.4-nano', retiredOn: '2026-11-23' }];
    await writeFile(prices, JSON.stringify({ entries }));
    const outcomes = await judged(withConfig({ prices }), [replayedAll('testing')]);
    expect(outcomes).toContainEqual(['openai/chat', 'STALE']);
    expect(outcomes).toContainEqual(['google/chat', 'HIT']);
  });

  test('are excepted by names that exist', async () => {
    const misspelt = withConfig({ recordings: { allowSynthetic: ['openai/caht'] } });
    await expect(judged(misspelt, [])).rejects.toThrow(
      'names "openai/caht", which is no cassette. Did you mean "openai/chat"?',
    );
  });

  test('need a price table that can be read', async () => {
    await expect(judged(withConfig({ prices: 'package.json' }), [])).rejects.toThrow(
      'is not a price table that can be read',
    );
  });
});
