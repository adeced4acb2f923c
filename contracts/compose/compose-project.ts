import { z } from 'zod';
import { readEngine } from '#harness/stack/containers/engine/docker-engine.ts';
import { createStackName, judgeOwner } from '#harness/stack/stack-name.ts';
import { type Compose, engine, type FoundCompose } from './find-compose.ts';

const UP_TIMEOUT_MS = 240_000;
const DOWN_TIMEOUT_MS = 60_000;
const ENGINE_TIMEOUT_MS = 10_000;
const PROJECT_LABEL = 'com.docker.compose.project';
const SERVICE_LABEL = 'com.docker.compose.service';

const containersSchema = z.array(
  z.object({
    Labels: z.record(z.string(), z.string()),
    Ports: z.array(z.object({ IP: z.string().optional(), PrivatePort: z.number() })),
    Mounts: z.array(z.object({ Type: z.string(), Name: z.string().optional() })),
  }),
);
const networksSchema = z.array(z.object({ Name: z.string() }));
const volumesSchema = z.object({ Volumes: z.array(z.object({ Name: z.string() })).nullable() });

/** A container of the project. */
export interface ComposeContainer {
  service: string;
  /** Like "127.0.0.1 to 9090", of what it publishes. */
  published: string[];
  /** Names of the volumes that it has to itself. */
  volumes: string[];
}

/** The system of docker-compose.yml, up under a name of its own. */
export interface ComposeProject extends AsyncDisposable {
  /** The URL at which this machine reaches a port of a service. */
  url(service: string, port: number): Promise<string>;
  logs(service: string): Promise<string>;
  /** The output of a program that runs in the container of a service. */
  exec(service: string, command: readonly string[]): Promise<string>;
  containers(): Promise<ComposeContainer[]>;
  networks(): Promise<string[]>;
  /** What `docker compose down -v` does. */
  down(): Promise<void>;
}

/** Builds it, brings it up and waits until all of it is healthy. On failure nothing is left. */
export async function startComposeProject(found: FoundCompose): Promise<ComposeProject> {
  await sweepDeadProjects(found.compose);
  const name = await createStackName();
  const compose: Compose = (args, timeoutMs) =>
    found.compose(['--project-name', name, ...args], timeoutMs);
  const logs = async (...options: string[]): Promise<string> =>
    await compose(['logs', '--no-color', ...options]);
  const remove = async (): Promise<void> => await removeProject(found.compose, name);
  try {
    await compose(['up', '--build', '--detach', '--wait', ...found.services], UP_TIMEOUT_MS);
  } catch (error) {
    const log = await logs('--tail=20').catch(String);
    await remove();
    throw new Error(`The system did not become healthy.\n${log}`, { cause: error });
  }
  return {
    url: async (service, port) =>
      `http://${(await compose(['port', service, String(port)])).trim()}`,
    logs,
    exec: async (service, command) => await compose(['exec', '-T', service, ...command]),
    containers: async () => await listContainers(name),
    networks: async () =>
      (await ask(`/networks?${ofProject(name)}`, networksSchema)).map(({ Name }) => Name),
    down: async () => {
      await compose(['down', '--volumes'], DOWN_TIMEOUT_MS);
    },
    [Symbol.asyncDispose]: remove,
  };
}

/** The names of all volumes of the engine, whoever has them: what is anonymous has no label. */
export async function listVolumes(): Promise<string[]> {
  const { Volumes } = await ask('/volumes', volumesSchema);
  return (Volumes ?? []).map(({ Name }) => Name);
}

async function listContainers(project: string): Promise<ComposeContainer[]> {
  const containers = await ask(`/containers/json?all=1&${ofProject(project)}`, containersSchema);
  return containers.map(({ Labels, Ports, Mounts }) => ({
    service: Labels[SERVICE_LABEL] ?? '',
    published: Ports.flatMap(({ IP, PrivatePort }) =>
      IP === undefined ? [] : [`${IP} to ${PrivatePort}`],
    ),
    volumes: Mounts.flatMap(({ Type, Name }) => (Type === 'volume' && Name ? [Name] : [])),
  }));
}

function ofProject(name: string): string {
  const filters = JSON.stringify({ label: [`${PROJECT_LABEL}=${name}`] });
  return `filters=${encodeURIComponent(filters)}`;
}

async function ask<S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S>> {
  const signal = AbortSignal.timeout(ENGINE_TIMEOUT_MS);
  return await readEngine(engine, { path, signal }, schema);
}

/** What tests left that were killed. */
async function sweepDeadProjects(compose: Compose): Promise<void> {
  const projects = z
    .array(z.object({ Name: z.string() }))
    .parse(JSON.parse(await compose(['ls', '--all', '--format=json'])));
  for (const { Name } of projects)
    if ((await judgeOwner(Name)) === 'dead') await removeProject(compose, Name);
}

/** With the images that were built for it. */
async function removeProject(compose: Compose, name: string): Promise<void> {
  const down = ['down', '--volumes', '--rmi=local', '--timeout=1'];
  await compose(['--project-name', name, ...down], DOWN_TIMEOUT_MS);
}
