import { readFile } from 'node:fs/promises';

const BYTES_PER_KIB = 1_024;
/** Linux tells processes in ticks of 10 ms, whatever its own clock. */
const MS_PER_TICK = 10;

export interface ProcessUse {
  cpuMs: number;
  memoryBytes: number;
}

/** What a process has used so far; NaN where there is no /proc. */
export async function readProcess(pid: number | undefined): Promise<ProcessUse> {
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  const [status, stat] = await Promise.all([read('status'), read('stat')]);
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  // The name of the program stands in brackets before the numbers, and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')')).split(' ');
  return {
    cpuMs: (Number(fields[12]) + Number(fields[13])) * MS_PER_TICK,
    memoryBytes: Number(kib) * BYTES_PER_KIB,
  };
}
