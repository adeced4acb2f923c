import { z } from 'zod';
import { loadHarnessEnvironment } from '#harness/config/env.ts';
import { runProgram } from '#harness/processes/run-program.ts';
import type { EngineAddress } from '#harness/stack/containers/engine/docker-engine.ts';
import { engineAddress } from '#harness/stack/containers/engine/engine-address.ts';
import { engineError } from '#harness/stack/containers/engine/find-engine.ts';
import { missingImages } from '#harness/stack/containers/images.ts';

const TIMEOUT_MS = 10_000;
/** The tool as a plugin of docker, and by itself. */
const TOOLS = [['docker', 'compose'], ['docker-compose']] as const;
/** Port 0 is a free one, which the engine chooses: the usual ones may be taken. */
const PORTS = ['SERVICE', 'PROMETHEUS', 'ALERTMANAGER', 'GRAFANA'].map((name) => [
  `TALLY_${name}_PORT`,
  '0',
]);

const harness = loadHarnessEnvironment();
/** Known once findCompose() has found it. */
export let engine: EngineAddress;

/** Runs the compose tool on docker-compose.yml, and gives its output. Rejects with what it says. */
export type Compose = (args: readonly string[], timeoutMs?: number) => Promise<string>;

export interface FoundCompose {
  compose: Compose;
  /** All that can be brought up: Grafana is missing where its image is. */
  services: readonly string[];
}

/**
 * The compose tool, where an engine has all images but perhaps Grafana's; else why not, which is
 * thrown when TALLY_CONTAINERS=1 asks for it.
 */
export async function findCompose(): Promise<FoundCompose | { absent: string }> {
  const found = await find();
  if (!('absent' in found)) return found;
  if (harness.areContainersRequired) throw new Error(found.absent);
  // Reporters count what is skipped, and say why only when they are verbose.
  process.stderr.write(`docker compose up: not run, since ${found.absent}\n`);
  return found;
}

async function find(): Promise<FoundCompose | { absent: string }> {
  try {
    engine = engineAddress(harness.env);
    // Files of this machine are mounted, and its loopback is looked at.
    if (!engine.host.startsWith('unix:'))
      return { absent: `${engine.host} may be another machine` };
    const compose = await findTool();
    if (compose === undefined)
      return { absent: 'there is no docker compose and no docker-compose' };
    const images = await imagesOf(compose);
    const pulled = Object.values(images).filter((image) => image !== undefined);
    const missing = await missingImages(engine, pulled, AbortSignal.timeout(TIMEOUT_MS));
    const needed = missing.filter((image) => image !== images['grafana']);
    if (needed.length > 0) return { absent: `the Docker engine has no ${needed.join(', no ')}` };
    const services = Object.entries(images).filter(([, image = '']) => !missing.includes(image));
    return { compose, services: services.map(([name]) => name) };
  } catch (error) {
    return { absent: engineError(engine, error).message.split('\n')[0] ?? '' };
  }
}

async function findTool(): Promise<Compose | undefined> {
  const env = { ...harness.env, ...Object.fromEntries(PORTS), DOCKER_HOST: engine.host };
  for (const [file, ...plugin] of TOOLS) {
    const version = [...plugin, 'version'];
    if (!(await runProgram(file, version, { env, timeoutMs: TIMEOUT_MS })).succeeded) continue;
    return async (args, timeoutMs = TIMEOUT_MS) => {
      const all = [...plugin, '--ansi=never', '--file=docker-compose.yml', ...args];
      const run = await runProgram(file, all, { env, timeoutMs });
      if (run.succeeded) return run.stdout;
      const said = [run.stdout, run.stderr].map((text) => text.slice(-1_000)).join('\n');
      throw new Error(`${file} ${all.join(' ')} ${run.problem}:\n${said}`);
    };
  }
  return undefined;
}

const configSchema = z.object({
  services: z.record(z.string(), z.object({ image: z.string().optional() })),
});

/** Of each service; undefined for those that are built. */
async function imagesOf(compose: Compose): Promise<Record<string, string | undefined>> {
  const { services } = configSchema.parse(JSON.parse(await compose(['config', '--format=json'])));
  return Object.fromEntries(Object.entries(services).map(([name, { image }]) => [name, image]));
}
