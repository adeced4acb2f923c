import { setTimeout as pause } from 'node:timers/promises';
import type { TallyConfig } from '#harness/config/tally-config.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { Finding } from '#harness/findings/finding.ts';
import { pollUntil } from '#harness/metrics/poll-until.ts';
import { prepareDatabase } from '#harness/modes/prepare-database.ts';
import { wireEvidence } from '#harness/modes/wire-evidence.ts';
import { type WiredService, wireService } from '#harness/modes/wired-service.ts';
import type { Stack } from '#harness/stack/stack.ts';
import { checkAnswer } from '#harness/traffic/check-answer.ts';
import { playScenario } from '#harness/traffic/play-scenario.ts';
import { isAnswered, type JudgedKill, judgeKill } from './judge-kill.ts';
import { type KillMoment, killMoment } from './kill-moment.ts';
import { killScenario } from './kill-traffic.ts';

export interface KillRoundsOptions {
  config: TallyConfig;
  /** Folder of the service, planted or not. */
  root: string;
  stack: Stack;
  /** Keys and moments are derived from it. */
  seed: string;
  baseEnv: Readonly<Record<string, string>>;
  kills: number;
  /** How many call at the same time. */
  clients: number;
  signal: AbortSignal;
}

export interface KillRound extends JudgedKill {
  kill: number;
  moment: KillMoment;
}

const GONE_WITHIN_MS = 10_000;
const EVERY_MS = 5;

/** Kills the service in full traffic again and again, and compares each time what it has left. */
export async function* killRounds(options: KillRoundsOptions): AsyncGenerator<KillRound> {
  const { stack, seed, kills, clients } = options;
  const scenarios = Array.from({ length: kills * clients }, (_, index) =>
    killScenario({ process: 1 + Math.floor(index / clients), client: index % clients, turn: 0 }),
  );
  const config = { ...options.config, scenarios };
  const template = await stack.postgres.createTemplate((databaseUrl) =>
    prepareDatabase({ ...options, config, databaseUrl }),
  );
  await using wired = await wireService({ ...options, config, mode: 'production', template });
  for (let kill = 1; kill <= kills; kill += 1) {
    const moment = killMoment({ seed, kill, clients });
    const answers = await killInTraffic(wired, { ...options, moment });
    const { simulator, calls, process, database } = wired;
    const evidence = wireEvidence({
      providerCalls: simulator.ledger.calls.slice(process.firstProviderCall),
      serviceCalls: calls.slice(process.firstServiceCall),
      scenarios,
      seed,
      fencedAtMs: performance.now(),
    });
    const judged = await judgeKill({ evidence, database }, config.facts);
    const findings = [...answers, ...simulator.findings, ...judged.findings];
    yield { ...judged, kill, moment, findings };
    if (kill < kills) await wired.restart();
  }
}

/** Gives what clients were answered otherwise than promised, until the process was gone. */
async function killInTraffic(
  wired: WiredService,
  options: KillRoundsOptions & { moment: KillMoment },
): Promise<Finding[]> {
  const { clients, moment, signal } = options;
  const killed = new AbortController();
  const answered = Promise.withResolvers<void>();
  let ended = 0;
  const onEnd = (): void => {
    ended += 1;
    if (ended === moment.answers) answered.resolve();
  };
  const traffic = Array.from({ length: clients }, (_, client) =>
    keepCalling(wired, { ...options, client, killed: killed.signal, onEnd }),
  );
  // Clients stop at a call that is not answered to its end, so they all may before that moment.
  await Promise.race([answered.promise, Promise.all(traffic)]);
  // Not a wait for anything: the moment is what is varied.
  if (moment.afterMs > 0) await pause(moment.afterMs, undefined, { signal });
  killed.abort();
  await wired.service.kill();
  const findings = await Promise.all(traffic);
  await wired.simulator.untilQuiet();
  await untilDisconnected(wired, signal);
  return findings.flat();
}

interface Client extends KillRoundsOptions {
  client: number;
  killed: AbortSignal;
  onEnd: () => void;
}

/** Calls until a call is not answered to its end, which nothing but the kill may cause. */
async function keepCalling(wired: WiredService, options: Client): Promise<Finding[]> {
  const { config, seed, client, killed, onEnd } = options;
  const { service, simulator, calls, process } = wired;
  const findings: Finding[] = [];
  for (let turn = 0; !killed.aborted; turn += 1) {
    const scenario = killScenario({ process: process.number, client, turn });
    const { authorization } = config.service;
    const { url } = service;
    const { played } = await playScenario(scenario, { url, seed, simulator, authorization, calls });
    onEnd();
    const ended = played.filter(({ call }) => call.end === 'completed' || !killed.aborted);
    findings.push(...ended.flatMap((one) => checkAnswer(scenario, one)));
    if (!played.every(({ call }) => isAnswered(call))) break;
  }
  return findings;
}

/** Postgres finishes what it was told before it notices that nobody listens any more. */
async function untilDisconnected({ database }: WiredService, signal: AbortSignal): Promise<void> {
  const others = `select count(*) as value from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`;
  await pollUntil(
    async () => ((await database.query(others))[0]?.['value'] === '0' ? 0 : undefined),
    {
      everyMs: EVERY_MS,
      timeoutMs: GONE_WITHIN_MS,
      signal,
      onTimeout: () =>
        new HarnessError(
          `${GONE_WITHIN_MS} ms after the service was killed, somebody is connected to its database.`,
          {
            code: 'H_STACK_DATABASE',
            fix: 'Close other connections to that database, e.g. a psql of yours.',
          },
        ),
    },
  );
}
