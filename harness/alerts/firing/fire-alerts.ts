import type { HarnessEnvironment } from '#harness/config/env.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { runTogether } from '#harness/processes/run-together.ts';
import { obtainAlertmanager } from '#harness/stack/embedded/alertmanager/obtain-alertmanager.ts';
import { obtainPrometheus } from '#harness/stack/embedded/prometheus/obtain-prometheus.ts';
import { LaunchError } from '#harness/stack/launch-server.ts';
import { createStackName } from '#harness/stack/stack-name.ts';
import type { Alerts } from '../load-alerts.ts';
import { type FireAlertOptions, fireAlert } from './fire-alert.ts';
import {
  type FiringResult,
  firingHashOf,
  loadFiringResult,
  saveFiringResult,
} from './firing-result.ts';

/** Each waits five seconds for its Prometheus to find Alertmanager, and computes for one. */
const AT_ONCE_MAX = 4;

export interface FireAlertsOptions
  extends Pick<FireAlertOptions, 'prometheusConfig' | 'alertmanagerConfig'> {
  harness: HarnessEnvironment;
  /** false: only what an earlier run found out about exactly these files is told. */
  mayFire: boolean;
  progress: (text: string) => void;
  signal: AbortSignal;
}

/**
 * Fires every alert for real, unless that was done with these rules, tests and routes on this
 * version of Prometheus. Tells why it was not, where the programs are not to be had.
 */
export async function fireAlerts(
  alerts: Alerts,
  options: FireAlertsOptions,
): Promise<FiringResult | { notRun: string }> {
  const { harness, prometheusConfig, alertmanagerConfig, mayFire, progress } = options;
  const work = { ...harness, ...options, stackName: await createStackName() };
  try {
    const prometheus = await obtainPrometheus(work);
    const { ruleFiles, testFiles } = alerts;
    const tests = testFiles.map(({ path }) => path);
    const files = [...ruleFiles, ...tests, prometheusConfig, alertmanagerConfig];
    const hash = await firingHashOf(files, [prometheus.version]);
    const known = await loadFiringResult(harness.cacheDir, hash);
    if (known !== undefined) return known;
    if (!mayFire) return { notRun: 'these alerts were not fired yet; --profile ci does it' };
    progress(`alerts: firing ${alerts.alerts.length}`);
    const programs = { ...prometheus, alertmanager: await obtainAlertmanager(work) };
    const result = await fireEach(alerts, { ...options, testFiles, programs });
    // A failure may be of the machine, and is looked at anew.
    if (Object.keys(result.failed).length === 0)
      await saveFiringResult(harness.cacheDir, { hash, result });
    return result;
  } catch (error) {
    if (!(error instanceof HarnessError && isOfMachine(error))) throw error;
    return { notRun: firstLine(error) };
  }
}

const NOT_TO_BE_HAD: ReadonlySet<string> = new Set([
  'H_STACK_PROMETHEUS_MISSING',
  'H_STACK_ALERTMANAGER_MISSING',
]);

/** Nothing is known of an alert where its servers are not there, or do not start. */
function isOfMachine({ code, cause }: HarnessError): boolean {
  return NOT_TO_BE_HAD.has(code) || cause instanceof LaunchError;
}

async function fireEach({ alerts }: Alerts, options: FireAlertOptions): Promise<FiringResult> {
  const fired: string[] = [];
  const failed: Record<string, string> = {};
  const left = alerts.values();
  const fireNext = async (signal: AbortSignal): Promise<void> => {
    for (const alert of left) {
      try {
        await fireAlert(alert, { ...options, signal });
        fired.push(alert.alert);
      } catch (error) {
        if (!(error instanceof HarnessError && isOfAlert(error))) throw error;
        failed[alert.alert] = firstLine(error);
      }
    }
  };
  await runTogether(
    Array.from({ length: AT_ONCE_MAX }, () => fireNext),
    options.signal,
  );
  return { fired: fired.sort(), failed };
}

function isOfAlert(error: HarnessError): boolean {
  return error.code.startsWith('H_ALERTS_') && !isOfMachine(error);
}

function firstLine({ message }: Error): string {
  return message.split('\n', 1).join();
}
