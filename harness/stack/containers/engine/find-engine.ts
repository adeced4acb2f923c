import { HarnessError } from '#harness/errors/harness-error.ts';
import { askEngine, type EngineAddress } from './docker-engine.ts';

/** Throws H_STACK_ENGINE_ABSENT, _DENIED or _TLS when no engine answers there in time. */
export async function requireEngine(address: EngineAddress, signal: AbortSignal): Promise<void> {
  try {
    const { status, body } = await askEngine(address, { path: '/_ping', signal });
    if (status !== 200) throw new Error(`it answered ${status}: ${body.trim()}`);
  } catch (error) {
    throw engineError(address, error);
  }
}

/** Why the engine was not reached, and what to do. */
export function engineError(address: EngineAddress, cause: unknown): HarnessError {
  if (cause instanceof HarnessError) return cause;
  const { host, certificates, passedOver } = address;
  const reason = cause instanceof Error ? cause.message.trim() || cause.name : String(cause);
  if (isAboutTls(address, cause, reason)) {
    const shown = certificates === undefined ? 'without TLS' : `with what is in ${certificates}`;
    return new HarnessError(`The Docker engine at ${host} was not spoken to ${shown}: ${reason}.`, {
      code: 'H_STACK_ENGINE_TLS',
      fix: 'Set DOCKER_TLS_VERIFY=1 for an engine behind TLS only, and DOCKER_CERT_PATH to a folder with ca.pem, cert.pem and key.pem that belong to it.',
      cause,
    });
  }
  if (/EACCES|EPERM/.test(reason)) {
    return new HarnessError(`This user may not speak to the Docker engine at ${host}.`, {
      code: 'H_STACK_ENGINE_DENIED',
      fix: 'Add the user to the group "docker" and log in anew, run Docker rootless, or use --stack embedded.',
      cause,
    });
  }
  const context = passedOver === undefined ? '' : `; ${passedOver}`;
  return new HarnessError(`No Docker engine answers at ${host} (${reason})${context}.`, {
    code: 'H_STACK_ENGINE_ABSENT',
    fix: 'Start Docker, set DOCKER_HOST to where it is, or use --stack embedded.',
    cause,
  });
}

/** What says that nobody is there, or not in time, whatever is spoken. */
const ABSENT =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ABORT_ERR)$/;

/** Of an engine behind TLS every other failure is: Node and OpenSSL have dozens of codes for them. */
function isAboutTls({ certificates }: EngineAddress, cause: unknown, reason: string): boolean {
  if (certificates === undefined) return reason.includes('HTTP request to an HTTPS server');
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && !ABSENT.test(code);
}
