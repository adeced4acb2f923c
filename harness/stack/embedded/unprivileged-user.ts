import { readFile } from 'node:fs/promises';
import { HarnessError } from '#harness/errors/harness-error.ts';

/** Ids of a user and its group. */
export interface SystemUser {
  uid: number;
  gid: number;
}

/**
 * The user that Postgres must run as when the harness is root, since Postgres refuses root.
 * Undefined when the harness is not root: then Postgres runs as the harness does.
 */
export async function findUnprivilegedUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const user = parseNobody(passwd);
  if (user !== undefined) return user;
  throw new HarnessError('Postgres refuses to run as root, and there is no user "nobody".', {
    code: 'H_STACK_POSTGRES_USER',
    fix: 'Run Tally as a user other than root, or add a user "nobody".',
  });
}

/** The user "nobody" in the text of /etc/passwd. */
export function parseNobody(passwd: string): SystemUser | undefined {
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(passwd) ?? [];
  return uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}
