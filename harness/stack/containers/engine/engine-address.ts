import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { passedOverContext } from './docker-context.ts';
import type { EngineAddress } from './docker-engine.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where a Docker engine would be: where DOCKER_HOST says, else at the first socket that exists. Throws
 * H_STACK_ENGINE_ADDRESS for what testcontainers, which starts the containers, reads in another way:
 * it would take the engine of this machine then, or speak without TLS, and say nothing.
 */
export function engineAddress(env: Environment): EngineAddress {
  const { DOCKER_HOST: host } = env;
  if (!host) {
    const found = `unix://${socketsOf(env).find(existsSync) ?? SYSTEM_SOCKET}`;
    return { host: found, passedOver: passedOverContext(env, found) };
  }
  const url = URL.parse(host);
  if (url?.protocol === 'unix:') return socketAddress(url, env);
  if (url !== null && SERVER_PROTOCOLS.includes(url.protocol)) return serverAddress(url, env);
  if (url?.protocol === 'ssh:')
    throw unusable(url.href, 'testcontainers does not speak SSH', BY_TCP);
  throw unusable(host, 'it is no address of an engine', FORMS);
}

const SYSTEM_SOCKET = '/var/run/docker.sock';
const SERVER_PROTOCOLS = ['tcp:', 'http:', 'https:'];
const FORMS =
  'Write it as unix:///path/of/docker.sock or tcp://host:port, or use --stack embedded.';
const BY_TCP =
  'Let the engine listen on TCP behind TLS (DOCKER_HOST=tcp://host:2376, DOCKER_TLS_VERIFY=1, DOCKER_CERT_PATH), or use --stack embedded.';
const WITH_TLS =
  'Set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder of ca.pem, cert.pem and key.pem.';

/** In the order in which testcontainers looks for them too. */
function socketsOf({ XDG_RUNTIME_DIR, HOME = '/' }: Environment): string[] {
  return [
    SYSTEM_SOCKET,
    ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, 'docker.sock')] : []),
    join(HOME, '.docker/run/docker.sock'),
    join(HOME, '.docker/desktop/docker.sock'),
    `/run/user/${process.getuid?.()}/docker.sock`,
  ];
}

function socketAddress({ href, hostname, pathname }: URL, env: Environment): EngineAddress {
  if (hostname !== '' || pathname.length < 2) {
    throw unusable(href, 'it names no absolute path', FORMS);
  }
  if (env['DOCKER_TLS_VERIFY'] && env['DOCKER_CERT_PATH']) {
    throw unusable(href, 'a socket has no TLS', 'Unset DOCKER_TLS_VERIFY and DOCKER_CERT_PATH.');
  }
  return { host: href };
}

function serverAddress(url: URL, env: Environment): EngineAddress {
  const { href, hostname, port, pathname } = url;
  if (hostname === '' || port === '') throw unusable(href, 'it names no host or no port', FORMS);
  if (hostname.startsWith('[')) {
    const fix = 'Name an IPv4 address, or a host that has one.';
    throw unusable(href, 'containers reach this machine over IPv4 only', fix);
  }
  if (pathname.length > 1) throw unusable(href, `the path ${pathname} is not sent`, FORMS);
  return { host: href.replace(/\/$/, ''), certificates: certificatesOf(url, env) };
}

function certificatesOf({ href, protocol, port }: URL, env: Environment): string | undefined {
  const { DOCKER_TLS_VERIFY: verify, DOCKER_CERT_PATH: folder } = env;
  if (verify && verify !== '1') {
    throw unusable(href, `DOCKER_TLS_VERIFY is "${verify}", and testcontainers knows 1`, WITH_TLS);
  }
  if (verify && !folder) throw unusable(href, 'DOCKER_CERT_PATH is not set', WITH_TLS);
  if (!verify && (protocol === 'https:' || port === '2376')) {
    throw unusable(href, 'it means TLS, and DOCKER_TLS_VERIFY is not set', WITH_TLS);
  }
  // The guard reads them too, and its folder is another.
  return verify && folder ? resolve(folder) : undefined;
}

function unusable(host: string, why: string, fix: string): HarnessError {
  const shown = host.replace(/\/\/[^@/]*@/, '//');
  return new HarnessError(`DOCKER_HOST=${shown} cannot be used: ${why}.`, {
    code: 'H_STACK_ENGINE_ADDRESS',
    fix,
  });
}
