import type { LoadedConfig } from '#harness/config/load-config.ts';
import { prepareDatabase } from '#harness/modes/prepare-database.ts';
import { type WiredService, wireService } from '#harness/modes/wired-service.ts';
import {
  type EmbeddedStackOptions,
  startEmbeddedStack,
} from '#harness/stack/embedded/start-embedded-stack.ts';
import { playScenario } from '#harness/traffic/play-scenario.ts';
import type { Scenario } from '#harness/traffic/scenario.ts';
import type { Measurement } from './measurement.ts';
import { median } from './median.ts';

const ROUNDS = 100;
const READ = 3;

/** A client reads three events of a held stream and leaves. */
const SCENARIO: Scenario = {
  name: 'perf-abort',
  says: 'A client leaves a held stream.',
  caller: 'own-key',
  request: {
    method: 'POST',
    path: '/chat/completions',
    body: {
      model: 'gpt-5.4-nano',
      stream: true,
      messages: [{ role: 'user', content: 'Name three witnesses' }],
    },
  },
  provider: [
    {
      answer: { kind: 'generated', inputTokens: 9, outputTokens: 40 },
      holdAfterContentEvents: READ,
    },
  ],
  departure: { afterContentEvents: READ },
  expect: { status: 200, contentEvents: READ },
  movement: {},
};

/** Time from a client's leaving until its provider sees the connection close. */
export async function measureAbort(
  { config: loaded, root }: LoadedConfig,
  options: EmbeddedStackOptions & { baseEnv: Readonly<Record<string, string>> },
): Promise<Measurement[]> {
  const config = { ...loaded, scenarios: [SCENARIO] };
  const shared = { config, root, baseEnv: options.baseEnv, seed: 'perf' };
  await using stack = await startEmbeddedStack(options);
  const template = await stack.postgres.createTemplate((databaseUrl) =>
    prepareDatabase({ ...shared, databaseUrl }),
  );
  await using wired = await wireService({ ...shared, mode: 'production', stack, template });
  const { service, simulator, calls } = wired;
  const { authorization } = config.service;
  const url = service.url;
  const delaysMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await playScenario(SCENARIO, { url, seed: shared.seed, simulator, authorization, calls });
    await simulator.untilQuiet();
    delaysMs.push(delayOfLast(wired));
  }
  const common = { unit: 'ms', runs: delaysMs.length, target: 100 } as const;
  return [
    { ...common, name: 'client leaves → upstream closed', value: median(delaysMs) },
    {
      ...common,
      name: 'client leaves → upstream closed, the longest',
      value: Math.max(...delaysMs),
    },
  ];
}

/** Both ledgers are kept on one clock. */
function delayOfLast({ simulator, calls }: WiredService): number {
  const leftAtMs = calls.at(-1)?.endedAtMs;
  const upstream = simulator.ledger.calls.at(-1);
  if (leftAtMs === undefined || upstream?.endedAtMs === undefined || upstream.end !== 'abandoned') {
    throw new TypeError(`The provider call ended as ${upstream?.end}, not abandoned.`);
  }
  return upstream.endedAtMs - leftAtMs;
}
