import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { askEngine, type EngineAddress } from './docker-engine.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a Docker engine would be: where DOCKER_HOST says, else at the first socket that exists. */
export function engineAddress(env: Environment): EngineAddress {
  const { DOCKER_HOST, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH } = env;
  if (!DOCKER_HOST) return { host: `unix://${socketsOf(env).find(existsSync) ?? SYSTEM_SOCKET}` };
  return { host: DOCKER_HOST, certificates: DOCKER_TLS_VERIFY ? DOCKER_CERT_PATH : undefined };
}

/** Throws H_STACK_ENGINE_ABSENT or H_STACK_ENGINE_DENIED when no engine answers there in time. */
export async function requireEngine(address: EngineAddress, signal: AbortSignal): Promise<void> {
  try {
    const { status, body } = await askEngine(address, { path: '/_ping', signal });
    if (status !== 200) throw new Error(`it answered ${status}: ${body.trim()}`);
  } catch (error) {
    throw engineError(address, error);
  }
}

/** Why the engine was not reached, and what to do. */
export function engineError({ host }: EngineAddress, cause: unknown): HarnessError {
  if (cause instanceof HarnessError) return cause;
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  if (/EACCES|EPERM/.test(reason)) {
    return new HarnessError(`This user may not speak to the Docker engine at ${host}.`, {
      code: 'H_STACK_ENGINE_DENIED',
      fix: 'Add the user to the group "docker" and log in anew, run Docker rootless, or use --stack embedded.',
      cause,
    });
  }
  return new HarnessError(`No Docker engine answers at ${host} (${reason}).`, {
    code: 'H_STACK_ENGINE_ABSENT',
    fix: 'Start Docker, set DOCKER_HOST to where it is, or use --stack embedded.',
    cause,
  });
}

const SYSTEM_SOCKET = '/var/run/docker.sock';

/** In the order in which testcontainers, which starts the containers, looks for them too. */
function socketsOf({ XDG_RUNTIME_DIR, HOME = '/' }: Environment): string[] {
  return [
    SYSTEM_SOCKET,
    ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, 'docker.sock')] : []),
    join(HOME, '.docker/run/docker.sock'),
    join(HOME, '.docker/desktop/docker.sock'),
    `/run/user/${process.getuid?.()}/docker.sock`,
  ];
}
