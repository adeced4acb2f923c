import { access, constants, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runProgram } from '#harness/processes/run-program.ts';
import { compareVersions, isSupported, OLDEST_VERSION } from './prometheus-version.ts';

const VERSION_TIMEOUT_MS = 10_000;

/** A Prometheus that can be run. */
export interface PrometheusBinaries {
  prometheus: string;
  promtool: string;
  /** e.g. "2.42.0". */
  version: string;
  source: 'path' | 'cache';
}

export interface FindPrometheusOptions {
  cacheDir: string;
  /** The environment of the harness; its PATH is searched. */
  env: Readonly<Record<string, string | undefined>>;
  signal?: AbortSignal | undefined;
}

/** Finds Prometheus and promtool on PATH, else in the cache; undefined when they are nowhere. */
export async function findPrometheus(
  options: FindPrometheusOptions,
): Promise<PrometheusBinaries | undefined> {
  const onPath = await lookOnPath(options);
  return typeof onPath === 'string' ? await lookInCache(options.cacheDir) : onPath;
}

/** The programs on PATH, or why they cannot be used. */
export async function lookOnPath({
  env,
  signal,
}: FindPrometheusOptions): Promise<PrometheusBinaries | string> {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const prometheus = await findProgram('prometheus', folders);
  if (prometheus === undefined) return 'no prometheus on PATH';
  const promtool = await findProgram('promtool', folders);
  if (promtool === undefined) return `${prometheus} has no promtool beside it on PATH`;
  const version = await readVersion(prometheus, signal);
  if (version === undefined) return `${prometheus} --version tells no version`;
  if (!isSupported(version)) {
    return `${prometheus} is version ${version}, older than ${OLDEST_VERSION}`;
  }
  return { prometheus, promtool, version, source: 'path' };
}

/** Folder of the cache that holds one version. */
export function cachedFolder(cacheDir: string, version: string): string {
  return join(cacheDir, 'prometheus', version);
}

/** The newest version in the cache. */
export async function lookInCache(cacheDir: string): Promise<PrometheusBinaries | undefined> {
  const versions = await readdir(join(cacheDir, 'prometheus')).catch(() => []);
  for (const version of versions.sort(compareVersions).reverse()) {
    const folder = cachedFolder(cacheDir, version);
    const [prometheus, promtool] = await Promise.all([
      findProgram('prometheus', [folder]),
      findProgram('promtool', [folder]),
    ]);
    if (prometheus !== undefined && promtool !== undefined) {
      return { prometheus, promtool, version, source: 'cache' };
    }
  }
  return undefined;
}

/** What `<program> --version` answers, e.g. "2.42.0"; undefined when it cannot be run. */
export async function readVersion(
  program: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { stdout, stderr } = await runProgram(program, ['--version'], {
    timeoutMs: VERSION_TIMEOUT_MS,
    signal,
  });
  return /\bversion v?(\d+\.\d+\.\d+)/.exec(stdout + stderr)?.[1];
}

/** The first program of that name in the folders. */
export async function findProgram(
  name: string,
  folders: readonly string[],
): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name);
    const isRunnable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isRunnable) return path;
  }
  return undefined;
}
