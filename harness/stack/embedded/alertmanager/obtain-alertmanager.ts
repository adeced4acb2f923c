import { rename } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { findProgram } from '../prometheus/find-prometheus.ts';
import {
  type ObtainPrometheusOptions,
  SourceUnavailable,
} from '../prometheus/prometheus-source.ts';
import { unpackFromDebian } from '../prometheus/unpack-debian-package.ts';
import { withWorkDirectory } from '../stack-directories.ts';

/** Debian's name, also of its program. */
const DEBIAN_NAME = 'prometheus-alertmanager';

/** Where Debian's build reads its templates, and does not start without them. */
const TEMPLATES = '/usr/share/prometheus/alertmanager';

/** Shows the templates there to one process only, whose parameters are all but the first. */
const WITH_TEMPLATES = `mount -t tmpfs tally /usr/share && mkdir -p ${TEMPLATES} &&
  mount --bind "$0" ${TEMPLATES} && exec "$@"`;

/** How an Alertmanager is started: a program and its first arguments. */
export type AlertmanagerCommand = readonly [string, ...string[]];

/**
 * An Alertmanager from PATH, the cache or Debian's package, which is then kept in the cache. Throws
 * H_STACK_ALERTMANAGER_MISSING.
 */
export async function obtainAlertmanager(
  options: ObtainPrometheusOptions,
): Promise<AlertmanagerCommand> {
  const folders = (options.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const name of ['alertmanager', DEBIAN_NAME]) {
    const installed = await findProgram(name, folders);
    if (installed !== undefined) return [installed];
  }
  const cached = join(options.cacheDir, 'alertmanager');
  const programs = join(cached, 'bin');
  if ((await findProgram(DEBIAN_NAME, [programs])) === undefined) await fetchInto(cached, options);
  const templates = join(cached, TEMPLATES.slice('/usr'.length));
  const program = join(programs, DEBIAN_NAME);
  const unshare = ['unshare', '--map-root-user', '--mount'] as const;
  return [...unshare, 'sh', '-c', WITH_TEMPLATES, templates, program];
}

/** Keeps the package's /usr as `cached`. */
async function fetchInto(cached: string, options: ObtainPrometheusOptions): Promise<void> {
  try {
    await withWorkDirectory(options, 'alertmanager', async (work) => {
      const programs = await unpackFromDebian(DEBIAN_NAME, work, options);
      await rename(dirname(programs), cached).catch(async (error: unknown) => {
        // Another harness was faster; its copy is as good.
        if ((await findProgram(DEBIAN_NAME, [join(cached, 'bin')])) === undefined) throw error;
      });
    });
  } catch (cause) {
    if (!(cause instanceof SourceUnavailable)) throw cause;
    throw new HarnessError(`Alertmanager is not on PATH, and not to be had: ${cause.message}`, {
      code: 'H_STACK_ALERTMANAGER_MISSING',
      fix: 'Install alertmanager on PATH; on Debian: apt-get install prometheus-alertmanager.',
      cause,
    });
  }
}
