import { once } from 'node:events';
import { loadConfig } from '#harness/config/load-config.ts';
import { callerOf } from '#harness/traffic/callers.ts';
import type { CommandContext } from './command-context.ts';
import {
  type Running,
  type RunningFlags,
  type ServiceCommand,
  whileServiceRuns,
} from './while-service-runs.ts';

/** Stays until the signal aborts; everything it started has then stopped. */
export async function runUp(flags: RunningFlags, context: CommandContext): Promise<void> {
  const { output } = context;
  const loaded = await loadConfig(flags.config);
  const command = { loaded, flags, context };
  await whileServiceRuns(command, async (running) => {
    for (const [name, value] of addressesOf(running, command)) {
      output.line(`${name.padEnd(28)} ${value}`);
    }
    output.line('Ctrl-C stops everything.');
    if (!running.signal.aborted) await once(running.signal, 'abort');
  });
}

function addressesOf(
  { stack, wired }: Running,
  { loaded: { config }, flags: { mode, seed } }: ServiceCommand,
): (readonly [string, string])[] {
  const { service, simulator, databaseUrl } = wired;
  const caller = config.scenarios.find((scenario) => scenario.caller !== 'unknown');
  return [
    [`${config.service.name} (${mode})`, service.url],
    ['metrics', `${service.url}${config.service.metricsPath}`],
    ['summary', `${service.url}${config.service.summaryPath}`],
    ['Prometheus', stack.prometheus.url],
    ...('url' in stack.grafana ? [['Grafana', stack.grafana.url] as const] : []),
    ['Postgres', databaseUrl],
    ['simulator', simulator.url],
    ['a key of a stored user', caller ? callerOf(caller, seed).serviceKey : '(none)'],
  ];
}
