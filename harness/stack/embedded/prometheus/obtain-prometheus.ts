import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { withWorkDirectory } from '../stack-directories.ts';
import { fetchRelease } from './fetch-release.ts';
import {
  cachedFolder,
  lookInCache,
  lookOnPath,
  type PrometheusBinaries,
  readVersion,
} from './find-prometheus.ts';
import {
  type ObtainPrometheusOptions,
  type PrometheusSource,
  SourceUnavailable,
} from './prometheus-source.ts';
import { isSupported, OLDEST_VERSION } from './prometheus-version.ts';
import { unpackDebianPackage } from './unpack-debian-package.ts';

const SOURCES: readonly { name: string; fetch: PrometheusSource }[] = [
  { name: 'official release', fetch: fetchRelease },
  { name: "Debian's package", fetch: unpackDebianPackage },
];

/**
 * Prometheus and promtool from PATH, the cache, the official release or Debian's package; what is
 * fetched is kept in the cache. Throws H_STACK_PROMETHEUS_MISSING with every way that was tried.
 */
export async function obtainPrometheus(
  options: ObtainPrometheusOptions,
): Promise<PrometheusBinaries> {
  const onPath = await lookOnPath(options);
  if (typeof onPath !== 'string') return onPath;
  const cached = await lookInCache(options.cacheDir);
  if (cached !== undefined) return cached;
  const tried = [`PATH: ${onPath}`, `cache: nothing in ${join(options.cacheDir, 'prometheus')}`];
  for (const { name, fetch } of SOURCES) {
    try {
      return await withWorkDirectory(options, 'prometheus', async (work) => {
        return await keep(await fetch(work, options), options);
      });
    } catch (error) {
      if (!(error instanceof SourceUnavailable)) throw error;
      tried.push(`${name}: ${error.message}`);
      options.progress(`Prometheus: no ${name} (${error.message})`);
    }
  }
  throw new HarnessError(`Prometheus could not be had:\n- ${tried.join('\n- ')}`, {
    code: 'H_STACK_PROMETHEUS_MISSING',
    fix: 'Install prometheus and promtool on PATH, or set TALLY_PROMETHEUS_MIRROR to a copy of https://github.com/prometheus/prometheus/releases/download.',
  });
}

/** Moves the fetched programs into the cache, once they were seen to run. */
async function keep(
  fetched: string,
  { cacheDir, signal }: ObtainPrometheusOptions,
): Promise<PrometheusBinaries> {
  const [version, promtoolVersion] = await Promise.all([
    readVersion(join(fetched, 'prometheus'), signal),
    readVersion(join(fetched, 'promtool'), signal),
  ]);
  if (version === undefined || promtoolVersion === undefined) {
    throw new SourceUnavailable('the programs do not run on this machine');
  }
  if (!isSupported(version)) {
    throw new SourceUnavailable(`it is version ${version}, older than ${OLDEST_VERSION}`);
  }
  const folder = cachedFolder(cacheDir, version);
  await mkdir(dirname(folder), { recursive: true });
  await rename(fetched, folder).catch(async (error: unknown) => {
    // Another harness was faster; its copy is as good.
    if ((await lookInCache(cacheDir))?.version !== version) throw error;
  });
  const programs = { prometheus: join(folder, 'prometheus'), promtool: join(folder, 'promtool') };
  return { ...programs, version, source: 'cache' };
}
