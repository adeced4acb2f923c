import { randomBytes } from 'node:crypto';
import { test as base } from 'vitest';
import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import { type LivePlan, planLive } from '#harness/live/live-plan.ts';
import { type LiveService, startLiveService } from '#harness/live/live-service.ts';
import { type RecordableCase, recordableCases } from '#harness/live/recordable-case.ts';

/** What live tests of one file share: one budget, and one service before the recorder. */
export interface LiveRun {
  readonly plan: LivePlan;
  /** true: a case that cannot be played for want of a key or of money is a failure. */
  readonly isRequired: boolean;
  /** Started by the first case that is played: a run without keys starts nothing. */
  service(): Promise<LiveService>;
}

const loaded = await loadConfig();

/** Every case of the configuration, in its order. */
export const liveCases: readonly RecordableCase[] = recordableCases(loaded.config.scenarios);

/** vitest's test with one live run per file, as the fixture `run`. */
// biome-ignore lint/correctness/noEmptyPattern: vitest reads from it that no fixture is needed.
export const liveTest = base.extend('run', { scope: 'file' }, async ({}, { onCleanup }) => {
  const harness = loadHarnessEnvironment();
  const plan = await planLive(loaded, { cases: liveCases, live: harness.live });
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  let started: Promise<LiveService> | undefined;
  onCleanup(async () => {
    if (started === undefined) return;
    say(`live: $${plan.spentUsd.toFixed(5)} spent`);
    await (await started)[Symbol.asyncDispose]();
  });
  const start = async (): Promise<LiveService> => {
    say(`live: ${plan.estimate}`);
    const scenarios = plan.possible.map(({ scenario }) => scenario);
    const seed = randomBytes(4).toString('hex');
    const baseEnv = childEnvironment();
    return await startLiveService({ ...loaded, scenarios, seed, harness, baseEnv, progress: say });
  };
  return {
    plan,
    isRequired: harness.live.isRequired,
    service: () => {
      started ??= start();
      return started;
    },
  } satisfies LiveRun;
});
