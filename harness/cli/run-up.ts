import { once } from 'node:events';
import { callerOf } from '#harness/traffic/callers.ts';
import type { CommandContext } from './command-context.ts';
import { type Running, type RunningFlags, whileServiceRuns } from './while-service-runs.ts';

/** Stays until the signal aborts; everything it started has then stopped. */
export async function runUp(flags: RunningFlags, context: CommandContext): Promise<void> {
  const { output } = context;
  await whileServiceRuns(flags, context, async (running) => {
    for (const [name, value] of addressesOf(running, flags)) {
      output.line(`${name.padEnd(28)} ${value}`);
    }
    output.line('Ctrl-C stops everything.');
    if (!running.signal.aborted) await once(running.signal, 'abort');
  });
}

function addressesOf(
  { loaded: { config }, stack, wired }: Running,
  { mode, seed }: RunningFlags,
): (readonly [string, string])[] {
  const { service, simulator, databaseUrl } = wired;
  const caller = config.scenarios.find((scenario) => scenario.caller !== 'unknown');
  return [
    [`${config.service.name} (${mode})`, service.url],
    ['metrics', `${service.url}${config.service.metricsPath}`],
    ['summary', `${service.url}${config.service.summaryPath}`],
    ['Prometheus', stack.prometheus.url],
    ['Postgres', databaseUrl],
    ['simulator', simulator.url],
    ['a key of a stored user', caller ? callerOf(caller, seed).serviceKey : '(none)'],
  ];
}
