import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '#harness/processes/run-program.ts';
import { explainWriteFailure } from '../cache-failure.ts';
import { download, readText } from './download.ts';
import { type PrometheusSource, SourceUnavailable } from './prometheus-source.ts';
import { PINNED_VERSION } from './prometheus-version.ts';

const OFFICIAL_BASE_URL = 'https://github.com/prometheus/prometheus/releases/download';
const UNPACK_TIMEOUT_MS = 120_000;

/**
 * The official release, checked against the checksums that are published beside it before
 * anything of it is unpacked.
 */
export const fetchRelease: PrometheusSource = async (work, options) => {
  const { prometheusMirror = OFFICIAL_BASE_URL, progress, signal } = options;
  const release = releaseName(process.platform, process.arch);
  const folderUrl = `${prometheusMirror.replace(/\/+$/, '')}/v${PINNED_VERSION}`;
  const archiveUrl = `${folderUrl}/${release}.tar.gz`;
  progress(`Prometheus: fetching ${archiveUrl}`);
  const sums = await readText(`${folderUrl}/sha256sums.txt`, signal);
  const expected = parseChecksum(sums, `${release}.tar.gz`);
  if (expected === undefined) {
    throw new SourceUnavailable(`${folderUrl}/sha256sums.txt does not list ${release}.tar.gz`);
  }
  const archive = join(work, 'release.tar.gz');
  const actual = await download({ url: archiveUrl, path: archive, progress, signal });
  if (actual !== expected) {
    throw new SourceUnavailable(
      `${archiveUrl} was refused: its SHA-256 is ${actual}, published is ${expected}`,
    );
  }
  const unpacked = join(work, 'release');
  await mkdir(unpacked);
  const members = [`${release}/prometheus`, `${release}/promtool`];
  const result = await runProgram(
    'tar',
    ['-xzf', archive, '-C', unpacked, '--strip-components=1', ...members],
    { timeoutMs: UNPACK_TIMEOUT_MS, signal },
  );
  if (result.succeeded) return unpacked;
  throw (
    explainWriteFailure(result.stderr, options.cacheDir) ??
    new SourceUnavailable(`tar ${result.problem} unpacking ${archiveUrl}: ${result.stderr.trim()}`)
  );
};

/** The name of a release as Prometheus publishes it, for Node's names of platform and processor. */
export function releaseName(platform: NodeJS.Platform, arch: NodeJS.Architecture): string {
  const processor = arch === 'x64' ? 'amd64' : arch;
  return `prometheus-${PINNED_VERSION}.${platform}-${processor}`;
}

/** The checksum of one file in the text of a sha256sums.txt. */
export function parseChecksum(sums: string, file: string): string | undefined {
  for (const line of sums.split('\n')) {
    const [, checksum, name] = /^([0-9a-f]{64})\s+\*?(\S+)\s*$/i.exec(line) ?? [];
    if (name === file) return checksum?.toLowerCase();
  }
  return undefined;
}
