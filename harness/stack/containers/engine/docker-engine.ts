import { readFile } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { z } from 'zod';

const KEEP_ALIVE_MS = 5_000;

/** Where a Docker engine is, and how it knows who asks. */
export interface EngineAddress {
  /** As DOCKER_HOST names it: unix:///var/run/docker.sock, tcp://10.0.0.7:2376. */
  host: string;
  /** Folder with ca.pem, cert.pem and key.pem for an engine behind TLS. */
  certificates?: string | undefined;
  /** Why the command `docker` would speak to another one, as part of a sentence. */
  passedOver?: string | undefined;
}

export interface EngineRequest {
  method?: 'GET' | 'DELETE';
  /** With its query, e.g. "/containers/json?all=1". */
  path: string;
  signal: AbortSignal;
}

/** What the engine answered. */
export interface EngineAnswer {
  status: number;
  body: string;
  /** The IPv4 addresses of both ends; undefined on a socket of this machine. */
  localAddress: string | undefined;
  engineHost: string | undefined;
}

/** Asks the engine's HTTP API. Throws when there is no answer, with whatever status it may have. */
export async function askEngine(
  address: EngineAddress,
  request: EngineRequest,
): Promise<EngineAnswer> {
  const answer = await send(address, request);
  const { localAddress, remoteAddress: engineHost } = answer.socket;
  let body = '';
  for await (const chunk of answer.setEncoding('utf8')) body += chunk;
  return { status: answer.statusCode ?? 0, body, localAddress, engineHost };
}

/** The JSON of an answer in the 200s; throws with the engine's own words otherwise. */
export async function readEngine<Schema extends z.ZodType>(
  address: EngineAddress,
  request: EngineRequest,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const { status, body } = await askEngine(address, request);
  if (status < 200 || status > 299) throw new Error(`${request.path}: ${status} ${body.trim()}`);
  return schema.parse(JSON.parse(body));
}

/** The lines of an answer that goes on until somebody ends it. Resolves once it has begun. */
export async function followEngine(
  address: EngineAddress,
  request: EngineRequest,
): Promise<AsyncIterable<string>> {
  const answer = await send(address, request);
  // A machine that lost its power or its network says nothing more: ask, from 5 s of silence on.
  answer.socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return createInterface({ input: answer });
}

async function send(
  address: EngineAddress,
  { method = 'GET', path, signal }: EngineRequest,
): Promise<IncomingMessage> {
  const { protocol, pathname, hostname, port } = new URL(address.host);
  // Of one request only: a kept connection would be dead after the engine was started again.
  const shared = { method, path, signal, agent: false } as const;
  const open = async (): Promise<ClientRequest> => {
    if (protocol === 'unix:') return requestPlain({ ...shared, socketPath: pathname });
    // Containers speak IPv4, whatever else the engine's machine has.
    const server = { ...shared, host: hostname, port, family: 4 };
    if (address.certificates === undefined) return requestPlain(server);
    return requestTls({ ...server, ...(await readCertificates(address.certificates)) });
  };
  const request = await open();
  return await new Promise((resolve, reject) => {
    request.once('response', resolve).once('error', reject).end();
  });
}

async function readCertificates(folder: string): Promise<Record<'ca' | 'cert' | 'key', Buffer>> {
  const [ca, cert, key] = await Promise.all([
    readFile(join(folder, 'ca.pem')),
    readFile(join(folder, 'cert.pem')),
    readFile(join(folder, 'key.pem')),
  ]);
  return { ca, cert, key };
}
