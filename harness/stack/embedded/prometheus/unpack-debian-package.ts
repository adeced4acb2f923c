import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProgramResult, runProgram } from '#harness/processes/run-program.ts';
import { explainWriteFailure } from '../cache-failure.ts';
import { findProgram } from './find-prometheus.ts';
import {
  type ObtainPrometheusOptions,
  type PrometheusSource,
  SourceUnavailable,
} from './prometheus-source.ts';

const PROGRAM_TIMEOUT_MS = 180_000;

/** Debian's package of Prometheus; newer Debians give promtool a package of its own. */
export const unpackDebianPackage: PrometheusSource = async (work, options) => {
  const programs = await unpackFromDebian('prometheus', work, options);
  if ((await findProgram('promtool', [programs])) !== undefined) return programs;
  return await unpackFromDebian('promtool', work, options);
};

/**
 * A package of Debian, fetched by apt (which checks its signature) and unpacked without root below
 * the folder `work`; returns the folder of the programs there. Throws SourceUnavailable.
 */
export async function unpackFromDebian(
  name: string,
  work: string,
  options: ObtainPrometheusOptions,
): Promise<string> {
  if (process.platform !== 'linux') throw new SourceUnavailable('this is no Linux');
  options.progress(`${name}: fetching Debian's package with apt-get`);
  const packages = join(work, 'package');
  await mkdir(packages, { recursive: true });
  await downloadPackage(name, { packages, work }, options);
  const file = (await readdir(packages)).find((entry) => entry.startsWith(`${name}_`));
  if (file === undefined) throw new SourceUnavailable('apt-get downloaded no package');
  const unpacked = join(work, 'unpacked');
  const result = await run('dpkg', ['-x', join(packages, file), unpacked], work, options);
  if (!result.succeeded) throw failure('dpkg', result, options);
  return join(unpacked, 'usr', 'bin');
}

async function downloadPackage(
  name: string,
  { packages, work }: { packages: string; work: string },
  options: ObtainPrometheusOptions,
): Promise<void> {
  // A setting apt does not know: with it in the command line a sweep finds the process.
  const marked = ['-o', `Tally::Work=${work}`];
  const download = [...marked, 'download', name];
  const known = await run('apt-get', download, packages, options);
  if (known.succeeded) return;
  if (!/unable to locate|can't select candidate/i.test(known.stderr)) {
    throw failure('apt-get', known, options);
  }
  options.progress(`${name}: the machine has no package lists; fetching Debian's (no root)`);
  const own = await ownAptDirectories(work);
  const updated = await run('apt-get', [...own, ...marked, 'update'], packages, options);
  if (!updated.succeeded) throw failure('apt-get update', updated, options);
  const result = await run('apt-get', [...own, ...download], packages, options);
  if (!result.succeeded) throw failure('apt-get', result, options);
}

/** Options that let apt work with the machine's sources but write only below `work`. */
async function ownAptDirectories(work: string): Promise<string[]> {
  const state = join(work, 'apt', 'state');
  const cache = join(work, 'apt', 'cache');
  await mkdir(join(state, 'lists', 'partial'), { recursive: true });
  await mkdir(join(cache, 'archives', 'partial'), { recursive: true });
  return ['-o', `Dir::State=${state}`, '-o', `Dir::Cache=${cache}`];
}

async function run(
  file: string,
  args: readonly string[],
  cwd: string,
  { env, signal }: ObtainPrometheusOptions,
): Promise<ProgramResult> {
  return await runProgram(file, args, {
    cwd,
    env: { ...env, LC_ALL: 'C' },
    timeoutMs: PROGRAM_TIMEOUT_MS,
    signal,
  });
}

function failure(name: string, result: ProgramResult, { cacheDir }: ObtainPrometheusOptions) {
  const errors = result.stderr.split('\n').filter((line) => /^(E|dpkg\S*):/.test(line));
  return (
    explainWriteFailure(errors.join('\n'), cacheDir) ??
    new SourceUnavailable([`${name} ${result.problem}`, ...errors].join('; '))
  );
}
