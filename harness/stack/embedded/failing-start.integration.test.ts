import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { processEnvironment } from '#harness/config/env.ts';
import { writeProgram } from './prometheus/release-server.fixture.ts';
import { findRemains } from './stack-remains.fixture.ts';
import { startEmbeddedStack } from './start-embedded-stack.ts';

const MOUNT = '/bin/mount';
const UNMOUNT = '/bin/umount';
const GONE = { timeout: 2_000, interval: 10 };
const env = processEnvironment();

describe('start of an embedded stack', { tags: ['integration'] }, () => {
  test('says that the disk under the cache is full', async ({ skip }) => {
    const cacheDir = await temporaryDirectory();
    try {
      execFileSync(MOUNT, ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', cacheDir], { stdio: 'pipe' });
    } catch {
      skip('only root may mount the small disk that this needs');
    }
    onTestFinished(() => void execFileSync(UNMOUNT, [cacheDir]));
    await expectFailure({ cacheDir, env }, 'H_STACK_DISK_FULL', cacheDir);
    expect(await filesBelow(cacheDir)).toEqual([]);
  });

  test('says that the cache cannot be written', async () => {
    // A folder below a file is refused to everybody, root included.
    const cacheDir = '/dev/null/cache';
    await expectFailure({ cacheDir, env }, 'H_STACK_CACHE_UNWRITABLE', cacheDir);
  });

  test('names every way in which Prometheus could not be had', async () => {
    const directory = await temporaryDirectory();
    const bin = await programDirectory(directory);
    const message = await expectFailure(
      {
        cacheDir: join(directory, 'cache'),
        env: { PATH: bin },
        prometheusMirror: 'http://127.0.0.1:1/releases',
      },
      'H_STACK_PROMETHEUS_MISSING',
      '- PATH: no prometheus on PATH',
    );
    expect(message).toContain('- official release: http://127.0.0.1:1/releases/v');
    expect(message).toContain("- Debian's package: apt-get");
  });

  test('shows the log of a Prometheus that does not start', async () => {
    const directory = await temporaryDirectory();
    const bin = await programDirectory(directory);
    const script =
      'case "$1" in --version) echo "prometheus, version 3.0.0";; *) echo "bad flag" >&2; exit 1;; esac';
    await writeProgram(join(bin, 'prometheus'), script);
    await writeProgram(join(bin, 'promtool'), script);
    const message = await expectFailure(
      { cacheDir: join(directory, 'cache'), env: { PATH: bin } },
      'H_STACK_PROMETHEUS_START',
      join(bin, 'prometheus'),
    );
    expect(message).toContain('ended with exit code 1. Its last log lines:\nbad flag');
  });
});

/** Starts, expects the error, and that nothing of the stack is left. Returns the message. */
async function expectFailure(
  options: Parameters<typeof startEmbeddedStack>[0],
  code: string,
  text: string,
): Promise<string> {
  const error = await startEmbeddedStack(options).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code, message: expect.stringContaining(text) });
  await expect.poll(() => findRemains(options.cacheDir, [process.pid]), GONE).toEqual([]);
  return (error as Error).message;
}

/** A folder for PATH with nothing but tar. */
async function programDirectory(parent: string): Promise<string> {
  const bin = join(parent, 'bin');
  await mkdir(bin);
  const tar = execFileSync('which', ['tar'], { encoding: 'utf8' }).trim();
  await symlink(tar, join(bin, 'tar'));
  return bin;
}

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'problems-'));
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
  return directory;
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}
