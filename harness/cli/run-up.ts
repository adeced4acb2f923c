import { once } from 'node:events';
import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import { playInMode } from '#harness/modes/play-in-mode.ts';
import { prepareDatabase } from '#harness/modes/prepare-database.ts';
import { wiredMetricsReader } from '#harness/modes/wired-metrics-reader.ts';
import { wireService } from '#harness/modes/wired-service.ts';
import { startStack } from '#harness/stack/start-stack.ts';
import { callerOf } from '#harness/traffic/callers.ts';
import type { Mode } from '#harness/traffic/scenario.ts';
import type { CommandContext } from './command-context.ts';
import type { StackFlag } from './stack-option.ts';

export interface UpFlags extends StackFlag {
  config: string;
  mode: Mode;
  seed: string;
}

/** Stays until the signal aborts; everything it started has then stopped. */
export async function runUp(flags: UpFlags, { output, ...context }: CommandContext): Promise<void> {
  const { config, root } = await loadConfig(flags.config);
  const { seed, mode } = flags;
  const baseEnv = childEnvironment();
  const { progress, line } = output;
  await using stack = await startStack({
    ...loadHarnessEnvironment(),
    backend: flags.stack,
    progress,
    signal: context.signal,
  });
  const signal = AbortSignal.any([context.signal, stack.failure]);
  const shared = { config, root, seed, baseEnv, signal };
  const template = await stack.postgres.createTemplate((databaseUrl) =>
    prepareDatabase({ ...shared, databaseUrl }),
  );
  await using wired = await wireService({ ...shared, mode, stack, template, generate: true });
  const metrics = wiredMetricsReader(wired, config.service);
  for (const scenario of config.scenarios) {
    progress(`traffic: ${scenario.name}`);
    await playInMode(scenario, wired, { ...shared, stack, metrics });
  }
  const { service, simulator } = wired;
  const caller = config.scenarios.find((scenario) => scenario.caller !== 'unknown');
  const rows = [
    [`${config.service.name} (${mode})`, service.url],
    ['metrics', `${service.url}${config.service.metricsPath}`],
    ['summary', `${service.url}${config.service.summaryPath}`],
    ['Prometheus', stack.prometheus.url],
    ['Postgres', wired.databaseUrl],
    ['simulator', simulator.url],
    ['a key of a stored user', caller ? callerOf(caller, seed).serviceKey : '(none)'],
  ];
  for (const [name, value] of rows) line(`${name?.padEnd(28)} ${value}`);
  line('Ctrl-C stops everything.');
  if (!signal.aborted) await once(signal, 'abort');
  stack.failure.throwIfAborted();
}
