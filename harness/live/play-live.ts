import type { Cassette } from '#harness/cassettes/cassette.ts';
import { Redactor } from '#harness/cassettes/redact/redactor.ts';
import type { TallyConfig } from '#harness/config/tally-config.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { MetricsReader } from '#harness/metrics/metrics-reader.ts';
import { reconcileKilled } from '#harness/modes/reconcile-now.ts';
import type { WiredProcess } from '#harness/modes/wired-service.ts';
import type { RecordedExchange } from '#harness/recorder/recorded-exchange.ts';
import type { Recorder } from '#harness/recorder/recorder.ts';
import type { PlayOptions } from '#harness/traffic/play.ts';
import { playScenario } from '#harness/traffic/play-scenario.ts';
import { judgeLive, type LiveJudgement } from './judge-live.ts';
import type { RecordableCase } from './recordable-case.ts';

/** What came of one case. What is said of it holds no secret; the exchanges do. */
export interface LivePlay extends LiveJudgement {
  readonly exchanges: readonly RecordedExchange[];
}

/** What a play needs of the running service. */
interface LiveParts {
  wired: WiredProcess;
  recorder: Recorder;
  metrics: MetricsReader;
  /** None of them may the service print. */
  keys: readonly string[];
  secrets: readonly string[];
  /** With the scenarios that are played. */
  config: TallyConfig;
  seed: string;
  signal: AbortSignal | undefined;
}

/** Plays one case until nothing moves, and judges it; see LiveService.play. */
export async function playLive(
  { one, recording }: { one: RecordableCase; recording: Cassette | undefined },
  parts: LiveParts,
): Promise<LivePlay> {
  const { wired, recorder, metrics, keys, secrets, config, seed, signal } = parts;
  const { ledger, exchanges: all, findings: reports } = recorder;
  const [exchangesBefore, reportsBefore] = [all.length, reports.length];
  // Each case is judged by what it adds itself.
  await wired.database.hideRows(config.service.database.events ?? {});
  const process = {
    number: 1,
    firstProviderCall: ledger.calls.length,
    firstServiceCall: wired.calls.length,
  };
  const { played } = await playScenario(one.scenario, {
    url: wired.service.url,
    seed,
    signal,
    authorization: config.service.authorization,
    calls: wired.calls,
    simulator: NOTHING_SCRIPTED,
  });
  await metrics.untilQuiet({ signal });
  // The wire and the rows: no other witness is there.
  const rows = await reconcileKilled({ ...wired, process }, { config, seed });
  const exchanges = all.slice(exchangesBefore);
  const { findings, news, unchecked } = judgeLive(one, { played, exchanges, recording });
  const redactor = new Redactor(secrets);
  const hide = (text: string) => redactor.text('report', text);
  const told = reports.slice(reportsBefore);
  const away = told.find(({ check }) => check === 'recorder/unreachable')?.message;
  const found = [
    ...told.filter(({ message }) => message !== away),
    ...rows.findings,
    ...findings,
    ...keysInLog(wired.service.log.lines, keys),
  ];
  return {
    exchanges,
    news: news.map(hide),
    findings: found.map((finding) => ({ ...finding, message: hide(finding.message) })),
    ...(unchecked !== undefined && { unchecked: hide(`${unchecked}. ${away ?? ''}`.trim()) }),
  };
}

/** A live provider does what it likes; see recordableCases(). */
const NOTHING_SCRIPTED: PlayOptions['simulator'] = {
  script: () => {
    throw new TypeError('a live provider cannot be scripted');
  },
  held: () => 0,
  release: () => 0,
};

function keysInLog(lines: readonly string[], keys: readonly string[]): Finding[] {
  const count = lines.filter((line) => keys.some((key) => line.includes(key))).length;
  if (count === 0) return [];
  return [{ check: 'live/log', message: `The service has printed a key in ${count} lines.` }];
}
