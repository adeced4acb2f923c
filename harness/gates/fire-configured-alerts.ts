import { resolve } from 'node:path';
import { fireAlerts } from '#harness/alerts/firing/fire-alerts.ts';
import type { FiringResult } from '#harness/alerts/firing/firing-result.ts';
import { loadAlerts } from '#harness/alerts/load-alerts.ts';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import { PROFILES } from './profiles.ts';
import type { VerifyOptions } from './verify.ts';

/** Fires them where the profile asks for it; else tells what is known from earlier. */
export async function fireConfiguredAlerts(
  { config, root }: LoadedConfig,
  { profile, harness, progress, signal }: VerifyOptions,
): Promise<FiringResult | { notRun: string }> {
  const { rules, tests, alertmanager } = config.alerts ?? {};
  if (rules === undefined || tests === undefined || alertmanager === undefined) {
    return { notRun: 'the configuration names no Alertmanager to fire them at' };
  }
  const required: readonly string[] = PROFILES[profile];
  const alerts = await loadAlerts({ rules: resolve(root, rules), tests: resolve(root, tests) });
  return await fireAlerts(alerts, {
    alertmanagerConfig: resolve(root, alertmanager),
    harness,
    mayFire: required.includes('observability'),
    progress,
    signal,
  });
}
