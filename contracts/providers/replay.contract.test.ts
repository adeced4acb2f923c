import { describe, expect } from 'vitest';
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
import { playScenario } from '#harness/traffic/play-scenario.ts';
import { cassettesOf, type Scenario } from '#harness/traffic/scenario.ts';
import type { ServiceCall } from '#harness/traffic/service-call.ts';

const integration = { tags: ['integration'] };
const { config } = await loadConfig();
const CASSETTES = await loadCassettes(config.cassettes ?? '');
const CASES = config.scenarios.filter((scenario) => cassettesOf(scenario).length > 0);

const test = serviceTest().extend(
  'inProcess',
  { scope: 'file' },
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from it that no fixture is needed.
  async ({}, { onCleanup }) => {
    const service = await startInProcessService(config);
    onCleanup(() => service[Symbol.asyncDispose]());
    return service;
  },
);

/** A service that answers from recordings, wherever it runs and whoever replays them. */
type Replaying = Pick<InProcessService, 'url' | 'metrics' | 'database'>;

/** What the client was told, what was written and what moved, without what differs each time. */
async function play(
  scenario: Scenario,
  { url, metrics, database }: Replaying,
  {
    service: {
      authorization,
      volatileFields,
      database: { rows },
    },
  }: TallyConfig,
) {
  const calls: ServiceCall[] = [];
  const simulator = { script: neverScripted, held: () => 0, release: () => 0 };
  const movement = await metrics.during(() =>
    playScenario(scenario, { url, seed: SEED, simulator, authorization, calls }),
  );
  const written = await Promise.all(Object.values(rows).map((sql) => database.query(sql)));
  const told = calls.map(({ status, end, body, events, sawEnd, contentEvents }) => ({
    status,
    end,
    body,
    events,
    sawEnd,
    contentEvents,
  }));
  return {
    told: JSON.parse(JSON.stringify(told), (name, value) =>
      volatileFields.includes(name) ? undefined : value,
    ),
    rows: written.flat().filter(({ user }) => user === scenario.name),
    moved: movement.changes
      .filter(({ impliedBy }) => impliedBy === undefined)
      .map(({ key, change }) => `${key} ${change}`),
  };
}

function neverScripted(): never {
  throw new TypeError('a case is answered by its recording');
}

describe('a recording replayed by the simulator and by nock', () => {
  test.for(CASES)(
    'gives the same: $name',
    integration,
    async (scenario, { service, inProcess }) => {
      const overSockets = await play(scenario, { ...service, url: service.service.url }, config);
      const named = CASSETTES.filter(({ id }) => cassettesOf(scenario).includes(id));
      const within = await replayInProcess(named, () => play(scenario, inProcess, config));
      expect(within).toEqual(overSockets);
      expect(within.told).toMatchObject([{ status: scenario.expect.status }]);
      expect(within.moved).not.toEqual([]);
    },
  );

  test('is tried with every recording', () => {
    const tried = new Set(CASES.flatMap(cassettesOf));
    expect(CASSETTES.filter(({ id }) => !tried.has(id))).toEqual([]);
  });
});
