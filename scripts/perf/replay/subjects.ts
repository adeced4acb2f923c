import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { findFreePort } from '#harness/processes/free-port.ts';
import type { Service } from '#harness/service/service.ts';
import { startService } from '#harness/service/start-service.ts';
import { type Client, clientOf } from './client.ts';
import { API_KEY } from './load.ts';
import { loadExchanges } from './recorded-exchange.ts';

export interface Subject extends Client {
  readonly name: string;
  /** Of the server; undefined for who answers in the process of the caller. */
  readonly pid: number | undefined;
}

type Environment = Readonly<Record<string, string>>;

interface Server {
  readonly name: string;
  readonly command: (port: number) => readonly [string, ...string[]];
  readonly readyPath: string;
  /** Before the provider's own paths. */
  readonly prefix?: string;
  /** What it must be told over HTTP before it can answer. */
  readonly teach?: (url: string) => Promise<void>;
}

const READY_MS = 30_000;
const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const WIREMOCK = fileURLToPath(new URL('build', import.meta.resolve('wiremock/package.json')));

const NODE_SERVERS: readonly Server[] = [
  {
    name: 'simulator',
    command: (port) => ['node', pathOf('serve-simulator.ts'), `${port}`],
    readyPath: '/_tally/findings',
    prefix: '/openai',
  },
  {
    name: 'bare node:http',
    command: (port) => ['node', pathOf('serve-bare.ts'), `${port}`],
    readyPath: '/',
  },
  {
    name: 'aimock',
    command: (port) => ['node', pathOf('serve-aimock.ts'), `${port}`],
    readyPath: '/health',
  },
];

const WIREMOCK_SERVER: Server = {
  name: 'WireMock',
  command: (port) => [
    ...(['java', '-cp', join(WIREMOCK, '*'), 'wiremock.Run', '--disable-banner'] as const),
    ...['--bind-address', '127.0.0.1', '--port', `${port}`],
  ],
  readyPath: '/__admin/health',
  teach: teachWireMock,
};

const IN_PROCESS = [
  ['nock', 'nock-client.ts'],
  ['MSW', 'msw-client.ts'],
] as const;

/** Starts them all; each ends with `started`, and with this process. */
export async function startSubjects(
  started: AsyncDisposableStack,
  environment: Environment,
): Promise<Subject[]> {
  const servers = (await hasJava(environment)) ? [...NODE_SERVERS, WIREMOCK_SERVER] : NODE_SERVERS;
  const subjects: Subject[] = [];
  for (const server of servers) {
    const { url, pid } = started.use(await startServer(server, environment));
    await server.teach?.(url);
    const client = startClient(started, 'raw-client.ts', url + (server.prefix ?? ''));
    subjects.push({ name: server.name, pid, ...client });
  }
  for (const [name, file] of IN_PROCESS)
    subjects.push({ name, pid: undefined, ...startClient(started, file) });
  return subjects;
}

function startClient(started: AsyncDisposableStack, file: string, workerData?: string): Client {
  const worker = new Worker(new URL(file, import.meta.url), { workerData });
  started.defer(async () => {
    await worker.terminate();
  });
  return clientOf(worker);
}

async function startServer(
  { name, command, readyPath }: Server,
  environment: Environment,
): Promise<Service> {
  const port = await findFreePort();
  if (port === undefined) throw new Error(`There is no free port for ${name}.`);
  return await startService({
    name,
    command: command(port),
    cwd: import.meta.dirname,
    environment: () => environment,
    port,
    readyPath,
    readyTimeoutMs: READY_MS,
  });
}

async function hasJava(env: Environment): Promise<boolean> {
  return await promisify(execFile)('java', ['-version'], {
    env: { ...env },
    timeout: READY_MS,
  }).then(
    () => true,
    () => false,
  );
}

/** With the same matching as the others: the path, the key and the whole body. */
async function teachWireMock(url: string): Promise<void> {
  for (const { path, request, headers, answer } of await loadExchanges()) {
    const mapping = {
      request: {
        method: 'POST',
        urlPath: path,
        headers: { authorization: { equalTo: `Bearer ${API_KEY}` } },
        bodyPatterns: [{ equalToJson: request }],
      },
      response: { status: 200, headers, body: answer.toString() },
    };
    const taught = await fetch(`${url}/__admin/mappings`, {
      method: 'POST',
      body: JSON.stringify(mapping),
      signal: AbortSignal.timeout(READY_MS),
    });
    if (!taught.ok) throw new Error(`WireMock took no mapping: ${await taught.text()}`);
  }
}
