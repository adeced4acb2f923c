import { randomBytes } from 'node:crypto';
import { Socket } from 'node:net';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { Pool } from 'pg';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { PostgresServer } from '#harness/stack/stack.ts';
import { LaunchError } from '../launch-server.ts';
import { createTemplate } from '../postgres/create-template.ts';
import {
  CLUSTER_OPTIONS,
  POSTGRES_SETTINGS,
  POSTGRES_USER,
  settingsArguments,
} from '../postgres/settings.ts';
import type { EngineNetwork } from './engine/engine-network.ts';
import { type ContainerPlace, inMemory, portBindings, startContainer } from './stack-container.ts';

const PORT = 5432;
const READY_TIMEOUT_MS = 60_000;
const ADMIN_CONNECTIONS_MAX = 4;
const ADMIN_TIMEOUT_MS = 30_000;

export interface PostgresContainerOptions extends ContainerPlace {
  image: string;
  /** Where the image keeps data. */
  volumes: readonly string[];
}

/** A Postgres whose data ends with its container. */
export interface ContainerPostgres {
  readonly server: PostgresServer;
  /** Where other containers reach it, host:port. */
  readonly peer: string;
  /** Lets the connections go; the container is removed by the stack. */
  stop(): void;
}

/** Starts Postgres in a container. Throws H_STACK_POSTGRES_START. */
export async function startPostgres(options: PostgresContainerOptions): Promise<ContainerPostgres> {
  const password = randomBytes(16).toString('hex');
  try {
    const running = await startContainer({
      ...options,
      name: 'Postgres',
      port: PORT,
      create: (listenAt) => createContainer(options, password, listenAt),
      readyText: 'database system is ready to accept connections',
      // First the server that only prepares the cluster, then the one that serves.
      readyTimes: 2,
      readyTimeoutMs: READY_TIMEOUT_MS,
    });
    const { host, port, peer, logTail } = running;
    const adminUrl = `postgres://${POSTGRES_USER}:${password}@${host}:${port}/postgres`;
    const sockets = new Set<Socket>();
    const admin = new Pool({
      connectionString: adminUrl,
      max: ADMIN_CONNECTIONS_MAX,
      connectionTimeoutMillis: ADMIN_TIMEOUT_MS,
      query_timeout: ADMIN_TIMEOUT_MS,
      stream: () => {
        const socket = new Socket();
        sockets.add(socket);
        return socket.once('close', () => sockets.delete(socket));
      },
    });
    admin.on('error', () => undefined); // An idle connection ends with the server.
    const { rows } = await admin.query<{ server_version: string }>('SHOW server_version');
    const catalog = { admin, adminUrl, serverEnding: () => undefined, logTail };
    return {
      server: {
        // Debian's builds add their own after a space.
        version: rows[0]?.server_version.split(' ')[0] ?? 'unknown',
        adminUrl,
        createTemplate: async (prepare) => await createTemplate(catalog, prepare),
      },
      peer,
      stop: () => {
        admin.end().catch(() => undefined);
        // A machine that is gone would never say that they ended.
        for (const socket of sockets) socket.destroy();
      },
    };
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    throw new HarnessError(`Postgres (${options.image}) did not start. ${error.message}`, {
      code: 'H_STACK_POSTGRES_START',
      fix: 'Correct what the log says; the image must be a Postgres 17 or newer, or one built like it.',
      cause: error,
    });
  }
}

function createContainer(
  { image, network, volumes }: PostgresContainerOptions,
  password: string,
  listenAt: { host: string; port: number },
): PostgreSqlContainer {
  const settings = {
    ...POSTGRES_SETTINGS,
    listen_addresses: listenAt.host,
    port: String(listenAt.port),
  };
  return new PostgresContainer(image, network)
    .withDatabase('postgres')
    .withUsername(POSTGRES_USER)
    .withPassword(password)
    .withEnvironment({
      // The password is asked for on loopback too, which other users of this machine share.
      POSTGRES_INITDB_ARGS: [...CLUSTER_OPTIONS, '--auth=scram-sha-256'].join(' '),
    })
    .withTmpFs(inMemory(volumes))
    .withCommand(settingsArguments(settings));
}

class PostgresContainer extends PostgreSqlContainer {
  readonly #network: EngineNetwork;

  constructor(image: string, network: EngineNetwork) {
    super(image);
    this.#network = network;
  }

  protected override async beforeContainerCreated(): Promise<void> {
    this.hostConfig.PortBindings = portBindings(this.#network, PORT);
    // The ready line says it; a check every 250 ms would go on for as long as the container runs.
    this.createOpts.Healthcheck = { Test: ['NONE'] };
  }
}
