import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const PS_TIMEOUT_MS = 5_000;
const runPs = promisify(execFile);

/**
 * When the process started, in a unit of the platform: with the pid it names one process, so that
 * a reused pid is not mistaken for the old one. Undefined when there is no such living process.
 */
export async function readStartTime(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return await startTimeByPs(pid);
  try {
    return parseProcStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The start time (field 22) of a line of /proc/<pid>/stat; undefined for a zombie. */
export function parseProcStat(stat: string): string | undefined {
  // The name (field 2) may hold spaces and brackets, so fields are counted behind its end.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : rest[18];
}

/** The pids of processes with an argument that holds `fragment`, this process excepted. */
export async function findProcessesUsing(fragment: string): Promise<number[]> {
  const found: number[] = [];
  for (const { pid, command } of await listCommands()) {
    if (pid !== process.pid && command.includes(fragment)) found.push(pid);
  }
  return found;
}

interface RunningCommand {
  pid: number;
  command: string;
}

async function listCommands(): Promise<RunningCommand[]> {
  if (process.platform !== 'linux') return await listCommandsByPs();
  const commands: RunningCommand[] = [];
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    try {
      commands.push({ pid, command: await readFile(`/proc/${pid}/cmdline`, 'utf8') });
    } catch {
      // The process ended since the folder was listed.
    }
  }
  return commands;
}

async function listCommandsByPs(): Promise<RunningCommand[]> {
  const { stdout } = await runPs('ps', ['-Aww', '-o', 'pid=,args='], { timeout: PS_TIMEOUT_MS });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined || command === undefined ? [] : [{ pid: Number(pid), command }];
  });
}

async function startTimeByPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await runPs('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      timeout: PS_TIMEOUT_MS,
      env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/bin:/usr/bin' },
    });
    const [, state, startedAt] = /^(\S+)\s+(.+)$/.exec(stdout.trim()) ?? [];
    if (startedAt === undefined || state?.startsWith('Z')) return undefined;
    return String(Date.parse(`${startedAt} UTC`) / 1_000);
  } catch {
    return undefined;
  }
}
