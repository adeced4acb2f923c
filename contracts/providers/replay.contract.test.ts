import { expect } from 'vitest';
import { SEED } from '#contracts/testing/contract-database.ts';
import {
  type InProcessService,
  startInProcessService,
} from '#contracts/testing/in-process-service.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import type { TallyConfig } from '#harness/config/tally-config.ts';
import { replayInProcess } from '#harness/replay/replay-in-process.ts';
import { callerOf } from '#harness/traffic/callers.ts';
import { playScenario } from '#harness/traffic/play-scenario.ts';
import { cassettesOf, type Scenario } from '#harness/traffic/scenario.ts';
import type { ServiceCall } from '#harness/traffic/service-call.ts';
import { PROMISES } from './case.ts';
import { providerCases } from './cases.ts';

const integration = { tags: ['integration'] };
const { config } = await loadConfig();
const CASSETTES = await loadCassettes(config.cassettes ?? '');

// A service of its own: others use the recordings up that are for the scenarios' keys.
const test = serviceTest({}).extend(
  'inProcess',
  { scope: 'file' },
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from it that no fixture is needed.
  async ({}, { onCleanup }) => {
    const service = await startInProcessService(config);
    onCleanup(() => service[Symbol.asyncDispose]());
    return service;
  },
);

/** A service that is answered from recordings, wherever it runs and whoever replays them. */
type Replaying = Pick<InProcessService, 'url' | 'metrics' | 'database'>;

/** What the clients were told, what was written and what moved, without what differs each time. */
async function play(
  scenarios: readonly Scenario[],
  { url, metrics, database }: Replaying,
  { service: { authorization, volatileFields, ...service } }: TallyConfig,
) {
  const calls: ServiceCall[] = [];
  const simulator = { script: neverScripted, held: () => 0, release: () => 0 };
  const movement = await metrics.during(async () => {
    for (const scenario of scenarios)
      await playScenario(scenario, { url, seed: SEED, simulator, authorization, calls });
  });
  const queries = Object.values(service.database.rows);
  const written = await Promise.all(queries.map((sql) => database.query(sql)));
  const told = calls.map(({ status, end, body, events, sawEnd, contentEvents }) => {
    return { status, end, body, events, sawEnd, contentEvents };
  });
  return {
    told: JSON.parse(JSON.stringify(told), (name, value) =>
      volatileFields.includes(name) ? undefined : value,
    ),
    rows: written.flat().filter(({ user }) => scenarios.some(({ name }) => name === user)),
    moved: movement.changes
      .filter(({ impliedBy }) => impliedBy === undefined)
      .map(({ key, change }) => `${key} ${change}`),
  };
}

function neverScripted(): never {
  throw new TypeError('a case is answered by its recording');
}

test.for(Object.entries(PROMISES))(
  '%s: what comes of it is the same over sockets and within the process',
  integration,
  async ([promise], { service, inProcess }) => {
    const cases = providerCases.filter((one) => one.promise === promise);
    const scenarios = cases.map(({ scenario }) => scenario);
    const ids = scenarios.flatMap(cassettesOf);
    const keys = scenarios.flatMap((scenario) => callerOf(scenario, SEED).ownKeys);
    const overSockets = await play(scenarios, { ...service, url: service.service.url }, config);
    const within = await replayInProcess(
      CASSETTES.filter(({ id }) => ids.includes(id)),
      () => play(scenarios, inProcess, config),
      {
        isAccepted: (_, key) => keys.find((own) => own.key === key)?.isValid ?? true,
        keepsTime: false,
      },
    );
    expect(within).toEqual(overSockets);
    expect(within.told).toMatchObject(scenarios.map(({ expect: { status } }) => ({ status })));
    expect(within.rows.length).toBeGreaterThanOrEqual(scenarios.length);
    expect(within.moved).not.toEqual([]);
  },
);

test('every recording is tried', () => {
  const tried = providerCases.flatMap(({ scenario }) => cassettesOf(scenario));
  expect(CASSETTES.map(({ id }) => id).filter((id) => !tried.includes(id))).toEqual([]);
});
