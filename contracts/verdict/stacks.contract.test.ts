import { expect, test } from 'vitest';
import { childEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import type { Verdict } from '#harness/gates/verdict.ts';
import { verify } from '#harness/gates/verify.ts';
import type { Backend } from '#harness/stack/choose-stack.ts';
import { harness, notHere } from '#harness/stack/containers/containers-here.fixture.ts';

/** Their values are times, or depend on what happened to run at the same time. */
const DIFFERENT_EACH_RUN = [
  'avg_inference_latency_ms',
  'avg_response_time_ms',
  'database_avg_query_latency_ms',
  'database_pool_size',
  'database_queries',
  'http_avg_latency_ms',
  'master_key_oldest_seconds',
  'provider_durations',
];

test('embedded and containers give the same facts, with the same values, and the same findings', {
  tags: ['integration', 'slow'],
}, async ({ skip, signal }) => {
  skip(notHere !== undefined, notHere);
  const [embedded, containers] = [
    await judge('embedded', signal),
    await judge('containers', signal),
  ];
  expect(outcomesOf(containers)).toEqual(outcomesOf(embedded));
  expect(namesOf(containers)).toEqual(namesOf(embedded));
  const values = valuesOf(embedded);
  expect(valuesOf(containers)).toEqual(values);
  expect(values.length).toBeGreaterThan(500);
  expect([embedded.versions['stack'], containers.versions['stack']]).toEqual([
    'embedded',
    'containers',
  ]);
});

async function judge(backend: Backend, signal: AbortSignal): Promise<Verdict> {
  return await verify(await loadConfig(), {
    profile: 'local',
    seed: 'stacks',
    withTests: false,
    harness,
    backend,
    baseEnv: childEnvironment(),
    onGate: () => undefined,
    progress: () => undefined,
    signal,
  });
}

/** Of all gates but Grafana's, which runs where an engine has its image. */
function outcomesOf({ gates }: Verdict): unknown[] {
  return gates
    .filter(({ name }) => name !== 'grafana')
    .map(({ name, status, findings }) => ({ name, status, findings }));
}

function namesOf({ facts }: Verdict): string[] {
  return [...new Set(facts.map(({ mode, name, process }) => `${mode} ${process} ${name}`))].sort();
}

function valuesOf({ facts }: Verdict): Verdict['facts'] {
  return facts.filter(({ name }) => !DIFFERENT_EACH_RUN.includes(name));
}
