import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findDifferences } from '#harness/cassettes/differences.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { GrafanaClient } from './grafana-client.ts';

/** Grafana counts its own copies. */
const GRAFANAS_OWN = ['id', 'version'];
const DIFFERENCES_SHOWN = 3;

/** Every dashboard of the folder is in Grafana as its file says, and its folder there holds no other. */
export async function checkProvisioned(
  grafana: GrafanaClient,
  folder: string,
): Promise<readonly Finding[]> {
  const files = await readDashboardFiles(folder);
  const found = await grafana.searchDashboards();
  const ours = found.filter(({ uid }) => files.has(uid));
  const folders = new Set(ours.map(({ folderUid }) => folderUid));
  const strange = found.filter(({ uid, folderUid }) => folders.has(folderUid) && !files.has(uid));
  const findings = strange.map(({ uid, title }) => ({
    check: `grafana/${uid}/file`,
    message: `Grafana shows "${title}" (${uid}) beside our dashboards, and no file has it.`,
  }));
  for (const [uid, file] of files) {
    const difference = describe(file, await grafana.dashboard(uid));
    if (difference === undefined) continue;
    findings.push({ check: `grafana/${uid}/provisioned`, message: `${uid}: ${difference}` });
  }
  return findings;
}

async function readDashboardFiles(folder: string): Promise<ReadonlyMap<string, object>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const dashboards = texts.map((text) => JSON.parse(text) as { uid: string });
  return new Map(dashboards.map((dashboard) => [dashboard.uid, dashboard]));
}

function describe(file: object, stored: unknown): string | undefined {
  if (stored === undefined) return 'Grafana does not have it.';
  const differences = findDifferences('dashboard', {
    cassette: withoutOwn(file),
    request: withoutOwn(stored as object),
  });
  if (differences.length === 0) return undefined;
  const shown = differences
    .slice(0, DIFFERENCES_SHOWN)
    .map(
      ({ path, cassette, request }) =>
        `${path} is ${JSON.stringify(cassette)} in the file, ${JSON.stringify(request)} in Grafana`,
    );
  return `Grafana has another one in ${differences.length} places: ${shown.join('; ')}.`;
}

function withoutOwn(dashboard: object): object {
  const kept = Object.entries(dashboard).filter(([name]) => !GRAFANAS_OWN.includes(name));
  return Object.fromEntries(kept);
}
