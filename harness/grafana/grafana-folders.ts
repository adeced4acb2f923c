import { resolve } from 'node:path';
import type { LoadedConfig } from '#harness/config/load-config.ts';

/** What a Grafana is provisioned from, on this machine. */
export interface GrafanaFolders {
  dashboards: string;
  provisioning: string;
}

/** Those of the configuration; undefined where it does not name both. */
export function grafanaFolders({
  config,
  root,
}: Pick<LoadedConfig, 'config' | 'root'>): GrafanaFolders | undefined {
  const { folder, provisioning } = config.dashboards ?? {};
  if (folder === undefined || provisioning === undefined) return undefined;
  return { dashboards: resolve(root, folder), provisioning: resolve(root, provisioning) };
}
