import type { HarnessEnvironment } from '#harness/config/env.ts';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import type { Finding } from '#harness/findings/finding.ts';
import { showUsd } from './budget.ts';
import { type LivePlan, planLive } from './live-plan.ts';
import { type LiveService, startLiveService } from './live-service.ts';
import { recordCase } from './record-case.ts';
import type { RecordableCase } from './recordable-case.ts';

export interface RecordCasesOptions {
  cases: readonly RecordableCase[];
  seed: string;
  harness: HarnessEnvironment;
  baseEnv: Readonly<Record<string, string>>;
  onOutcome: (outcome: RecordOutcome) => void;
  progress: (text: string) => void;
  signal?: AbortSignal | undefined;
}

/** What became of one case. Only a recorded one has another cassette than before. */
export type RecordOutcome = { readonly id: string } & (
  | {
      readonly kind: 'recorded';
      readonly costUsd: number;
      /** What the new recording says otherwise than the old one, and fields that nobody knew. */
      readonly news: readonly string[];
      /** Rules of redaction that have found nothing. */
      readonly unmatchedRules: readonly string[];
    }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }
  | { readonly kind: 'skipped'; readonly reason: string }
);

export interface RecordRun {
  readonly outcomes: readonly RecordOutcome[];
  readonly spentUsd: number;
}

/** Plays cases against the live providers, and replaces the cassettes of those that came out well. */
export async function recordCases(
  loaded: LoadedConfig,
  options: RecordCasesOptions,
): Promise<RecordRun> {
  const { cases, harness, progress, onOutcome, signal } = options;
  const plan = await planLive(loaded, { cases, live: harness.live });
  progress(plan.estimate);
  const scenarios = plan.possible.map(({ scenario }) => scenario);
  const isAnyDue = cases.some((one) => plan.whyNot(one) === undefined);
  await using live = isAnyDue
    ? await startLiveService({ ...options, ...loaded, scenarios })
    : undefined;
  const outcomes: RecordOutcome[] = [];
  for (const one of cases) {
    signal?.throwIfAborted();
    const reason = plan.whyNot(one);
    progress(`${one.id}: ${reason ?? 'playing'} (${showUsd(plan.spentUsd)} spent)`);
    const outcome: RecordOutcome =
      reason === undefined && live !== undefined
        ? await recordOne(one, live, plan)
        : { id: one.id, kind: 'skipped', reason: reason ?? '' };
    outcomes.push(outcome);
    onOutcome(outcome);
  }
  return { outcomes, spentUsd: plan.spentUsd };
}

async function recordOne(
  one: RecordableCase,
  live: LiveService,
  plan: LivePlan,
): Promise<RecordOutcome> {
  const { id } = one;
  const settle = plan.reserve(one);
  const { exchanges, findings, news, unchecked } = await live.play(one);
  const costUsd = settle(exchanges);
  if (findings.length > 0) return { id, kind: 'refused', findings };
  if (unchecked !== undefined) return { id, kind: 'skipped', reason: unchecked };
  const { changes, unmatchedRules } = await recordCase({
    root: plan.folder,
    id,
    exchanges,
    costUsd,
    day: plan.day,
    secrets: live.secrets,
    old: plan.recordings.get(id),
  });
  return { id, kind: 'recorded', costUsd, news: [...changes, ...news], unmatchedRules };
}
