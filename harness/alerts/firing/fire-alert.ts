import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { runProgram } from '#harness/processes/run-program.ts';
import type { AlertmanagerCommand } from '#harness/stack/embedded/alertmanager/obtain-alertmanager.ts';
import { guardDirectories } from '#harness/stack/embedded/guard-directories.ts';
import { createRunDirectory, RUN_ROOTS } from '#harness/stack/embedded/stack-directories.ts';
import { removeStack } from '#harness/stack/embedded/sweep.ts';
import { createStackName } from '#harness/stack/stack-name.ts';
import type { Alert, AlertTestFile } from '../load-alerts.ts';
import { type ServerOfAlerts, startAlertServer } from './start-alert-server.ts';
import { type FiringMoment, firingMomentOf, timelineText } from './timeline.ts';
import { type Delivery, startWebhook, type Webhook } from './webhook.ts';

const DELIVERY_TIMEOUT_MS = 30_000;
const PROMTOOL_TIMEOUT_MS = 60_000;

export interface FireAlertOptions {
  testFiles: readonly AlertTestFile[];
  /** The project's own configuration, of which the external labels and relabelling are taken. */
  prometheusConfig: string;
  /** The project's own Alertmanager configuration; only its waits and webhooks' hosts are changed. */
  alertmanagerConfig: string;
  programs: { prometheus: string; promtool: string; alertmanager: AlertmanagerCommand };
  signal?: AbortSignal | undefined;
}

/**
 * Fires an alert for real: a Prometheus that holds the timeline of the alert's unit test evaluates
 * its rule file, and an Alertmanager tells a webhook. Resolves with what the webhook was told; throws
 * H_ALERTS_TIMELINE or H_ALERTS_FIRING. Nothing runs and nothing is left afterwards.
 */
export async function fireAlert(alert: Alert, options: FireAlertOptions): Promise<Delivery> {
  const moment = firingMomentOf(alert, options.testFiles);
  if (moment === undefined) throw noTimeline(alert, 'no unit test lets it fire');
  const name = await createStackName();
  const guard = guardDirectories(name, RUN_ROOTS);
  try {
    const directory = await createRunDirectory(name);
    await using webhook = await startWebhook();
    await using alertmanager = await startAlertmanager(directory, webhook, options);
    await writeTimeline(alert, moment, directory, options);
    await using prometheus = await startPrometheus(alert, directory, alertmanager, options);
    return await deliveryOf(alert, moment, { webhook, alertmanager, prometheus }, options);
  } finally {
    await removeStack(name, RUN_ROOTS);
    await guard.dismiss();
  }
}

async function writeTimeline(
  alert: Alert,
  moment: FiringMoment,
  directory: string,
  { programs, signal }: FireAlertOptions,
): Promise<void> {
  const file = join(directory, 'timeline.txt');
  await writeFile(file, timelineText(alert, moment, Math.floor(Date.now() / 1_000)));
  // promtool reads the whole file once for each block, so days should be few blocks.
  const few = '--max-block-duration=162h';
  const data = join(directory, 'data');
  const args = ['tsdb', 'create-blocks-from', 'openmetrics', '-q', few, file, data];
  const result = await runProgram(programs.promtool, args, {
    timeoutMs: PROMTOOL_TIMEOUT_MS,
    signal,
  });
  if (!result.succeeded) throw noTimeline(alert, `${result.problem}: ${result.stderr}`);
}

const alertmanagerConfig = z.looseObject({
  route: z.looseObject({}),
  receivers: z.array(
    z.looseObject({ webhook_configs: z.array(z.looseObject({ url: z.string() })).default([]) }),
  ),
});

async function startAlertmanager(
  directory: string,
  webhook: Webhook,
  { alertmanagerConfig: file, programs, signal }: FireAlertOptions,
): Promise<ServerOfAlerts> {
  const config = alertmanagerConfig.parse(parse(await readFile(file, 'utf8')));
  config.route['group_wait'] = '0s';
  for (const hook of config.receivers.flatMap(({ webhook_configs }) => webhook_configs)) {
    hook.url = webhook.url + new URL(hook.url).pathname;
  }
  const home = join(directory, 'alertmanager');
  await mkdir(home);
  const path = join(home, 'alertmanager.yml');
  await writeFile(path, JSON.stringify(config));
  const [program, ...args] = programs.alertmanager;
  return await startAlertServer({
    name: 'Alertmanager',
    file: program,
    cwd: home,
    args: [...args, `--config.file=${path}`, `--storage.path=${home}`, '--cluster.listen-address='],
    readyText: 'Listening on',
    signal,
  });
}

const prometheusConfig = z.object({
  global: z.object({ external_labels: z.record(z.string(), z.string()).default({}) }).prefault({}),
  alerting: z.object({ alert_relabel_configs: z.array(z.unknown()).default([]) }).prefault({}),
});

async function startPrometheus(
  { file }: Alert,
  directory: string,
  alertmanager: ServerOfAlerts,
  { prometheusConfig: projectFile, programs, signal }: FireAlertOptions,
): Promise<ServerOfAlerts> {
  const project = prometheusConfig.parse(parse(await readFile(projectFile, 'utf8')));
  const path = join(directory, 'prometheus.yml');
  const targets = [alertmanager.address];
  const config = {
    global: { ...project.global, evaluation_interval: '100ms' },
    rule_files: [file],
    alerting: { ...project.alerting, alertmanagers: [{ static_configs: [{ targets }] }] },
  };
  await writeFile(path, JSON.stringify(config));
  return await startAlertServer({
    name: 'Prometheus',
    file: programs.prometheus,
    cwd: directory,
    args: [
      `--config.file=${path}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      // The `for:` of an alert counts from before the start, as the timeline says.
      '--rules.alert.for-grace-period=0s',
      // It fires before Prometheus has discovered Alertmanager, which takes 5 s.
      '--rules.alert.resend-delay=1s',
    ],
    readyText: 'Server is ready to receive web requests',
    signal,
  });
}

async function deliveryOf(
  { alert }: Alert,
  { expected }: FiringMoment,
  servers: { webhook: Webhook; alertmanager: ServerOfAlerts; prometheus: ServerOfAlerts },
  { signal }: FireAlertOptions,
): Promise<Delivery> {
  const wanted = expected.map((labels) => Object.entries({ ...labels, alertname: alert }));
  const isWanted = ({ labels }: Delivery): boolean =>
    wanted.some((pairs) => pairs.every(([name, value]) => labels[name] === value));
  const limit = AbortSignal.timeout(DELIVERY_TIMEOUT_MS);
  try {
    const either = signal ? AbortSignal.any([signal, limit]) : limit;
    return await servers.webhook.waitFor(isWanted, either);
  } catch (cause) {
    signal?.throwIfAborted();
    const { prometheus, alertmanager } = servers;
    throw new HarnessError(
      `No webhook heard of ${alert} within ${DELIVERY_TIMEOUT_MS} ms.\nPrometheus:\n${prometheus.logTail()}\nAlertmanager:\n${alertmanager.logTail()}`,
      {
        code: 'H_ALERTS_FIRING',
        fix: 'Correct what the logs say, or the rule; promtool shows what it answers to the unit test.',
        cause,
      },
    );
  }
}

function noTimeline({ alert }: Alert, why: string): HarnessError {
  return new HarnessError(`The unit test of ${alert} cannot be played to Prometheus: ${why}.`, {
    code: 'H_ALERTS_TIMELINE',
    fix: 'Write a promtool test in which the alert fires, with series that promtool understands.',
  });
}
