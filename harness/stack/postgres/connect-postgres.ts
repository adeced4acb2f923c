import { Pool } from 'pg';
import type { DatabaseTemplate, PostgresServer } from '#harness/stack/stack.ts';
import { type Catalog, createTemplate, openTemplate } from './create-template.ts';

const CONNECTIONS_MAX = 2;
const TIMEOUT_MS = 30_000;

/** A server of a stack that another process started, and stops. */
export interface ConnectedPostgres extends Pick<PostgresServer, 'createTemplate'>, AsyncDisposable {
  /** A template that any process has made on this server. */
  openTemplate(name: string): DatabaseTemplate;
}

/** Makes databases on the server with this `adminUrl`. Disposing ends the connections only. */
export function connectPostgres(adminUrl: string): ConnectedPostgres {
  const admin = new Pool({
    connectionString: adminUrl,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
  });
  admin.on('error', () => undefined); // An idle connection ends with the server.
  const catalog: Catalog = {
    admin,
    adminUrl,
    serverEnding: () => undefined,
    logTail: () => '',
  };
  return {
    createTemplate: async (prepare) => await createTemplate(catalog, prepare),
    openTemplate: (name) => openTemplate(catalog, name),
    [Symbol.asyncDispose]: async () => await admin.end(),
  };
}
