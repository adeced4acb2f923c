import { outcomesOf } from '#contracts/wire.ts';
import { CouldNotRead, type WireCall, type WireEvidence, type WireRow } from '#harness/index.ts';

/** What the wire proves about the summary’s parts. The rules of the score are restated here. */

const WINDOW_MS = 5 * 60_000;
/** The service forgets an attempt up to a second late, and both clocks have to agree. */
const QUIET_EDGE_MS = 3_000;
const SLOW_MS = 30_000;
const CREDITED = 4;

interface ProviderRecord {
  good: number;
  /** May be a success or may have been left by its client. */
  raced: number;
  failed: number;
}

/**
 * Points below 100 of each provider: 100 × failures / (attempts that say something + 4). Refusals
 * (4xx) and clients who left say nothing of the provider.
 */
export function healthPointsLost(evidence: WireEvidence): WireRow[] {
  const records = new Map<string, ProviderRecord>();
  for (const call of endedCalls(evidence)) {
    if (!isInWindow(call, evidence.fencedAtMs)) continue;
    const record = records.get(call.provider) ?? { good: 0, raced: 0, failed: 0 };
    records.set(call.provider, record);
    const [outcome] = outcomesOf(call);
    const { status = 0 } = call;
    const isRefusal = status >= 400 && status < 500;
    if (call.raced) record.raced += 1;
    else if (outcome === 'success') record.good += 1;
    else if (outcome === 'cut' || (outcome === 'error' && !isRefusal)) record.failed += 1;
  }
  return [...records].map(([provider, { good, raced, failed }]) => {
    const min = pointsLost(failed, good + raced);
    const max = pointsLost(failed, good);
    return { labels: { provider }, value: min === max ? min : { min, max } };
  });
}

/** A call that is held open has no outcome yet. */
function endedCalls({ providerCalls }: WireEvidence): readonly WireCall[] {
  return providerCalls.filter(({ end }) => end !== undefined);
}

function pointsLost(failed: number, good: number): number {
  return 100 - Math.floor((100 * (good + CREDITED)) / (good + failed + CREDITED) + 0.5);
}

function isInWindow({ startedAtMs, endedAtMs }: WireCall, fencedAtMs: number): boolean {
  const endMs = endedAtMs ?? fencedAtMs;
  const edgeMs = fencedAtMs - WINDOW_MS;
  if (endMs - startedAtMs > SLOW_MS)
    throw new CouldNotRead('a provider call took so long that it may count as slow');
  if (Math.abs(endMs - edgeMs) < QUIET_EDGE_MS)
    throw new CouldNotRead('a provider call ended at the edge of the window');
  return endMs > edgeMs;
}

/** Percent of provider calls that failed or broke off; exact also where a client raced. */
export function providerErrorRate(evidence: WireEvidence): WireRow[] {
  const calls = endedCalls(evidence);
  const failed = calls.filter((call) => ['error', 'cut'].includes(outcomesOf(call)[0] ?? ''));
  const percent = (100 * failed.length) / Math.max(calls.length, 1);
  return [{ labels: {}, value: Math.floor(percent * 100 + 0.5) / 100 }];
}

/**
 * A lower bound: each provider call leaves a row before its client has the whole answer, and rows of
 * calls that were under way together may share a query.
 */
export function databaseQueries(evidence: WireEvidence): WireRow[] {
  const byCause = [...Map.groupBy(endedCalls(evidence), ({ cause }) => cause)].flatMap(
    ([cause, calls]) => (cause?.end === 'completed' ? [{ ...cause, rows: calls.length }] : []),
  );
  const endOf = ({ endedAtMs }: { endedAtMs: number | undefined }): number => endedAtMs ?? Infinity;
  let min = 0;
  let lastEndMs = -Infinity;
  for (const call of byCause.sort((left, right) => endOf(left) - endOf(right))) {
    if (call.startedAtMs < lastEndMs) continue;
    min += call.rows;
    lastEndMs = endOf(call);
  }
  return [{ labels: {}, value: { min, max: Number.MAX_SAFE_INTEGER } }];
}
