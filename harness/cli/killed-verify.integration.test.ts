import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { loadHarnessEnvironment, processEnvironment } from '#harness/config/env.ts';
import { findRemains } from '#harness/stack/embedded/stack-remains.fixture.ts';
import { runTally, TALLY } from './run-tally.ts';
import { writeShortConfig } from './short-config.fixture.ts';

const { cacheDir } = loadHarnessEnvironment();
const GONE = { timeout: 20_000, interval: 50 };
const MOMENTS = 10;
const LONGEST_MS = 6_000;

/** Processes (the service, its commands) that were started with this home folder. */
async function findProcessesOf(home: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.includes(`HOME=${home}\0`)) {
      found.push(`${pid} ${await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')}`);
    }
  }
  return found;
}

async function createHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'home-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  return home;
}

test('verify killed at random moments leaves nothing after one more run', {
  tags: ['slow'],
}, async () => {
  const home = await createHome();
  const env = { HOME: home, TALLY_CACHE_DIR: cacheDir };
  const verify = [
    'verify',
    '--stack',
    'embedded',
    '--config',
    await writeShortConfig(join(home, 'short')),
  ];
  const pids: (number | undefined)[] = [];
  for (let round = 0; round < MOMENTS; round += 1) {
    const killed = spawn(process.execPath, [TALLY, ...verify], {
      env: { ...processEnvironment(), ...env },
      stdio: 'ignore',
    });
    pids.push(killed.pid);
    // The moment is the point of the test: from the first import to the last witness.
    await pause(Math.random() * LONGEST_MS);
    killed.kill('SIGKILL');
    await once(killed, 'close');
  }
  const last = await runTally(verify, env);
  expect(last.exitCode).toBe(0);
  await expect.poll(() => findRemains(cacheDir, pids), GONE).toEqual([]);
  await expect.poll(() => findProcessesOf(home), GONE).toEqual([]);
});

test('Ctrl-C ends verify in order, at any moment', { tags: ['slow'] }, async () => {
  const home = await createHome();
  const env = { ...processEnvironment(), HOME: home, TALLY_CACHE_DIR: cacheDir };
  for (const afterMs of [0, 700, 2_000, 4_000]) {
    const child = spawn(process.execPath, [TALLY, 'verify', '--no-tests', '--stack', 'embedded'], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await once(child.stderr, 'data'); // Before its first word Node itself would take the signal.
    child.stderr.resume();
    await pause(afterMs);
    child.kill('SIGINT');
    const [exitCode] = await once(child, 'close');
    expect(exitCode).toBe(130);
    expect(await findRemains(cacheDir, [child.pid])).toEqual([]);
    expect(await findProcessesOf(home)).toEqual([]);
  }
});

test('two verify at once both pass', { tags: ['slow'] }, async () => {
  const home = await createHome();
  const verify = [
    'verify',
    '--stack',
    'embedded',
    '--config',
    await writeShortConfig(join(home, 'short')),
  ];
  const runs = await Promise.all([runTally(verify), runTally(verify)]);
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
});

test('up prints its URLs, answers there, and ends on Ctrl-C', {
  tags: ['slow'],
}, async () => {
  const home = await createHome();
  const config = await writeShortConfig(join(home, 'short'));
  const child = spawn(process.execPath, [TALLY, 'up', '--stack', 'embedded', '--config', config], {
    env: { ...processEnvironment(), HOME: home, TALLY_CACHE_DIR: cacheDir, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  await expect.poll(() => shown, { timeout: 120_000 }).toContain('Ctrl-C stops everything.');
  const summary = /summary +(\S+)/.exec(shown)?.[1] ?? '';
  const answer = await (await fetch(summary)).text();
  expect(answer).toMatch(/"total_requests":[1-9]/);
  child.kill('SIGINT');
  const [exitCode] = await once(child, 'close');
  expect(exitCode).toBe(0);
  expect(await findRemains(cacheDir, [child.pid])).toEqual([]);
  expect(await findProcessesOf(home)).toEqual([]);
});
