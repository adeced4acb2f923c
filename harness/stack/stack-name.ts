import { createHash, randomBytes } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { readStartTime } from './process-table.ts';

const PATTERN = /^tally-([0-9a-f]{6})-(\d+)-(\d+)-[0-9a-f]{6}$/;

/**
 * A new name for a stack of this process. Every directory of the stack carries it, and it tells
 * who owns them (machine, pid, start time of the process): so a directory has an owner from the
 * moment it exists, and there is no owner file that could be missing or half written.
 */
export async function createStackName(): Promise<string> {
  const startTime = (await readStartTime(process.pid)) ?? '0';
  return `tally-${await identifyPlace()}-${process.pid}-${startTime}-${randomBytes(3).toString('hex')}`;
}

/**
 * Whether the process that made the name still lives. "elsewhere" when this cannot be known: the
 * name comes from another boot, or from a container with its own process numbers.
 */
export async function judgeOwner(
  name: string,
): Promise<'alive' | 'dead' | 'elsewhere' | 'not-a-stack'> {
  const [, place, pid, startTime] = PATTERN.exec(name) ?? [];
  if (pid === undefined) return 'not-a-stack';
  if (place !== (await identifyPlace())) return 'elsewhere';
  return (await readStartTime(Number(pid))) === startTime ? 'alive' : 'dead';
}

let knownPlace: Promise<string> | undefined;

/** Six digits that stand for this machine, boot and process-number namespace. */
async function identifyPlace(): Promise<string> {
  knownPlace ??= readPlace();
  return await knownPlace;
}

async function readPlace(): Promise<string> {
  const parts = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => hostname()),
    readlink('/proc/self/ns/pid').catch(() => ''),
  ]);
  return createHash('sha256').update(parts.join()).digest('hex').slice(0, 6);
}
