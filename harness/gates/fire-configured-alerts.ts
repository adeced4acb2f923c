import { resolve } from 'node:path';
import { type FireAlertsOptions, fireAlerts } from '#harness/alerts/firing/fire-alerts.ts';
import type { FiringResult } from '#harness/alerts/firing/firing-result.ts';
import { loadAlerts } from '#harness/alerts/load-alerts.ts';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import { PROFILES, type ProfileName } from './profiles.ts';

export interface FireConfiguredAlertsOptions
  extends Pick<FireAlertsOptions, 'harness' | 'progress' | 'signal'> {
  profile: ProfileName;
}

/** Fires them where the profile asks for it; else tells what is known from earlier. */
export async function fireConfiguredAlerts(
  { config, root }: LoadedConfig,
  { profile, harness, progress, signal }: FireConfiguredAlertsOptions,
): Promise<FiringResult | { notRun: string }> {
  if (config.alerts?.firing === undefined) {
    return { notRun: 'the configuration does not say what evaluates and delivers them' };
  }
  const { rules, tests, firing } = config.alerts;
  const required: readonly string[] = PROFILES[profile];
  const alerts = await loadAlerts({ rules: resolve(root, rules), tests: resolve(root, tests) });
  return await fireAlerts(alerts, {
    prometheusConfig: resolve(root, firing.prometheus),
    alertmanagerConfig: resolve(root, firing.alertmanager),
    harness,
    mayFire: required.includes('observability'),
    progress,
    signal,
  });
}
