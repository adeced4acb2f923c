import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { HarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { chooseStack } from '#harness/stack/choose-stack.ts';
import { engineAddress } from '#harness/stack/containers/engine/engine-address.ts';
import { missingImages, stackImages } from '#harness/stack/containers/images.ts';
import { findPostgres } from '#harness/stack/embedded/postgres/find-postgres.ts';
import { findPrometheus } from '#harness/stack/embedded/prometheus/find-prometheus.ts';
import packageJson from '../../package.json' with { type: 'json' };

const run = promisify(execFile);
const PROBE_TIMEOUT_MS = 10_000;

/** One thing that Tally uses, as it is on this machine. */
export interface Examined {
  name: string;
  /** ok; missing stops Tally; absent is something it can do without, and says what it then does. */
  state: 'ok' | 'missing' | 'absent';
  found: string;
  /** What to do about it. */
  fix?: string;
}

export interface ExamineOptions {
  config: string;
  harness: HarnessEnvironment;
}

/** Looks at everything Tally uses; starts and downloads nothing. */
export async function examine(options: ExamineOptions): Promise<Examined[]> {
  return await Promise.all([
    examineNode(process.versions.node),
    examineConfig(options.config),
    examinePostgres(),
    examinePrometheus(options.harness),
    examineCache(options.harness),
    examineProgram('git', ['--version'], 'test results are not reused, and no commit is named'),
    examineStack(options.harness),
    examineGrafana(options.harness),
  ]);
}

/** The oldest Node that package.json allows, e.g. ">=24.0". */
async function examineNode(version: string): Promise<Examined> {
  const oldest = packageJson.engines.node.replace(/^>=/, '');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number);
  const isNew = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  if (isNew) return { name: 'Node', state: 'ok', found: version };
  const fix = `Use Node ${oldest} or newer: npm ci brings one for Linux, and npm scripts use it.`;
  return { name: 'Node', state: 'missing', found: version, fix };
}

async function examineConfig(file: string): Promise<Examined> {
  const name = 'configuration';
  try {
    const { path, config } = await loadConfig(file);
    const found = `${path}: ${config.scenarios.length} scenarios, ${config.facts.length} facts`;
    return { name, state: 'ok', found };
  } catch (error) {
    return missing(name, error);
  }
}

async function examinePostgres(): Promise<Examined> {
  try {
    const { version, directory } = await findPostgres();
    return { name: 'Postgres', state: 'ok', found: `${version} in ${directory}` };
  } catch (error) {
    return missing('Postgres', error);
  }
}

async function examinePrometheus({ cacheDir, env }: HarnessEnvironment): Promise<Examined> {
  const found = await findPrometheus({ cacheDir, env });
  if (found !== undefined) {
    const { version, prometheus } = found;
    return { name: 'Prometheus', state: 'ok', found: `${version}, ${prometheus}` };
  }
  return {
    name: 'Prometheus',
    state: 'absent',
    found: 'neither on PATH nor in the cache: the first run fetches it once',
    fix: 'Nothing, where the network allows it; else install Prometheus, or set TALLY_PROMETHEUS_MIRROR.',
  };
}

async function examineCache({ cacheDir }: HarnessEnvironment): Promise<Examined> {
  try {
    const folder = await nearestExisting(cacheDir);
    await access(folder, constants.W_OK);
    if (!(await stat(folder)).isDirectory()) throw new Error(`${folder} is not a folder`);
    return { name: 'cache', state: 'ok', found: cacheDir };
  } catch (error) {
    const fix = 'Make the folder writable, or set TALLY_CACHE_DIR to one that is.';
    return { name: 'cache', state: 'missing', found: `${cacheDir}: ${String(error)}`, fix };
  }
}

/** The folder itself, or the one in which it will be made. */
async function nearestExisting(folder: string): Promise<string> {
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  const parent = dirname(folder);
  return isThere || parent === folder ? folder : await nearestExisting(parent);
}

async function examineStack(harness: HarnessEnvironment): Promise<Examined> {
  const { backend, reason } = await chooseStack(harness);
  return { name: 'stack', state: 'ok', found: `${backend}: ${reason}` };
}

async function examineGrafana({ env, images, external }: HarnessEnvironment): Promise<Examined> {
  const name = 'Grafana';
  if (external.grafana !== undefined)
    return { name, state: 'ok', found: `${external.grafana.url}, for --stack external` };
  const { grafana: image } = await stackImages(images);
  try {
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    const [missingImage] = await missingImages(engineAddress(env), [image], signal);
    if (missingImage === undefined) return { name, state: 'ok', found: image };
  } catch {
    // The line of the stack says what is wrong with the engine.
  }
  const found = `no image ${image} and no GRAFANA_URL: the gate "grafana" does not run`;
  return {
    name,
    state: 'absent',
    found,
    fix: `docker pull ${image}, or name a Grafana that runs.`,
  };
}

async function examineProgram(
  name: string,
  args: readonly string[],
  without: string,
): Promise<Examined> {
  try {
    const { stdout } = await run(name, [...args], { timeout: PROBE_TIMEOUT_MS });
    const found = stdout.trim().split('\n')[0];
    if (found) return { name, state: 'ok', found };
  } catch {
    // Told below: it is not there, or its server does not answer.
  }
  return { name, state: 'absent', found: `not here: ${without}` };
}

function missing(name: string, error: unknown): Examined {
  if (!(error instanceof HarnessError)) throw error;
  const [found = ''] = error.message.split('\n');
  return { name, state: 'missing', found, fix: error.fix };
}
