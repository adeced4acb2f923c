import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, describe, expect } from 'vitest';
import { findPrometheus } from './find-prometheus.ts';
import { obtainPrometheus } from './obtain-prometheus.ts';
import type { ObtainPrometheusOptions } from './prometheus-source.ts';
import { PINNED_VERSION } from './prometheus-version.ts';
import { type ReleaseServer, startReleaseServer, writeProgram } from './release-server.fixture.ts';

interface Fixtures {
  directory: string;
  releases: ReleaseServer;
  options: ObtainPrometheusOptions & { lines: string[] };
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants the first argument destructured.
  directory: async ({}, use) => {
    const directory = await mkdtemp(join(tmpdir(), 'obtain-'));
    await use(directory);
    await rm(directory, { recursive: true, force: true });
  },
  releases: async ({ directory }, use) => {
    const releases = await startReleaseServer(join(directory, 'made'));
    await use(releases);
    await releases.close();
  },
  options: async ({ directory, releases }, use) => {
    const lines: string[] = [];
    await use({
      cacheDir: join(directory, 'cache'),
      stackName: 'tally-test',
      // Neither a Prometheus nor apt-get is to be found there.
      env: { PATH: join(directory, 'bin') },
      prometheusMirror: `${releases.url}/`,
      progress: (line) => lines.push(line),
      lines,
    });
  },
});

describe('Prometheus from a release', () => {
  test('is fetched once, then found in the cache', async ({ options, releases }) => {
    const expected = {
      version: PINNED_VERSION,
      source: 'cache',
      prometheus: join(options.cacheDir, 'prometheus', PINNED_VERSION, 'prometheus'),
      promtool: join(options.cacheDir, 'prometheus', PINNED_VERSION, 'promtool'),
    };
    expect(await findPrometheus(options)).toBeUndefined();
    expect(await obtainPrometheus(options)).toEqual(expected);
    expect(await findPrometheus(options)).toEqual(expected);
    expect(await obtainPrometheus(options)).toEqual(expected);
    expect(releases.requests).toHaveLength(2);
    expect(options.lines).toContain('Prometheus: 100 % of 1 MB');
    expect(await filesBelow(options.cacheDir)).toEqual(['prometheus', 'promtool']);
  });

  test('may be fetched by two at once', async ({ options }) => {
    const others = { ...options, stackName: 'tally-other' };
    const [one, other] = await Promise.all([obtainPrometheus(options), obtainPrometheus(others)]);
    expect(other).toEqual(one);
    expect(await filesBelow(options.cacheDir)).toEqual(['prometheus', 'promtool']);
  });

  test('is refused when its checksum is not the published one', async ({ options, releases }) => {
    releases.replace('archive', (outgoing) =>
      outgoing.end(Buffer.concat([releases.archive, Buffer.from('x')])),
    );
    await expectMissing(
      options,
      /was refused: its SHA-256 is [0-9a-f]{64}, published is [0-9a-f]{64}/,
    );
  });

  test('is not asked for when no checksum is published', async ({ options, releases }) => {
    releases.replace('sha256sums.txt', (outgoing) => outgoing.end('nothing here\n'));
    await expectMissing(options, /sha256sums\.txt does not list prometheus-/);
    expect(releases.requests).toHaveLength(1);
  });

  test('is not asked for when the list of checksums is no such list', async ({
    options,
    releases,
  }) => {
    releases.replace('sha256sums.txt', (outgoing) => outgoing.end('x'.repeat(200_000)));
    await expectMissing(options, /could not be read: longer than 100000 characters/);
    expect(releases.requests).toHaveLength(1);
  });

  test('is missing on the server', async ({ options, releases }) => {
    releases.replace('archive', (outgoing) => outgoing.writeHead(404).end());
    await expectMissing(options, /\.tar\.gz answered 404/);
  });

  test('breaks off', async ({ options, releases }) => {
    releases.replace('archive', (outgoing) => {
      outgoing.writeHead(200, { 'content-length': releases.archive.length });
      outgoing.write(releases.archive.subarray(0, 100), () => outgoing.destroy());
    });
    await expectMissing(options, /broke off after \d+ bytes/);
  });

  test('cannot be reached', async ({ options, releases }) => {
    await releases.close();
    await expectMissing(options, /sha256sums\.txt cannot be reached: .*ECONNREFUSED/);
  });

  test('does not run on this machine', async ({ options, releases, directory }) => {
    const broken = await startReleaseServer(join(directory, 'made'), 'exit 1');
    await broken.close();
    releases.replace('sha256sums.txt', (outgoing) => outgoing.end(broken.checksums));
    releases.replace('archive', (outgoing) => outgoing.end(broken.archive));
    await expectMissing(options, /the programs do not run on this machine/);
  });

  test('is not fetched any more once the start is aborted', async ({ options, releases }) => {
    const controller = new AbortController();
    releases.replace('archive', () => controller.abort(new Error('Ctrl-C')));
    const obtaining = obtainPrometheus({ ...options, signal: controller.signal });
    await expect(obtaining).rejects.toThrow('Ctrl-C');
    expect(await filesBelow(options.cacheDir)).toEqual([]);
  });
});

describe('Prometheus on PATH', () => {
  test('is used before all others', async ({ options, directory, releases }) => {
    await installPrograms(join(directory, 'bin'), { prometheus: '2.53.0', promtool: '2.53.0' });
    expect(await obtainPrometheus(options)).toMatchObject({ version: '2.53.0', source: 'path' });
    expect(releases.requests).toEqual([]);
  });

  test('is passed over when it is too old', async ({ options, directory }) => {
    await installPrograms(join(directory, 'bin'), { prometheus: '2.24.1', promtool: '2.24.1' });
    expect(await obtainPrometheus(options)).toMatchObject({ source: 'cache' });
  });

  test('is passed over without promtool', async ({ options, directory }) => {
    await installPrograms(join(directory, 'bin'), { prometheus: '2.53.0' });
    expect(await obtainPrometheus(options)).toMatchObject({ source: 'cache' });
  });
});

async function installPrograms(folder: string, versions: Record<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, version] of Object.entries(versions)) {
    await writeProgram(join(folder, name), `echo "${name}, version ${version}+ds (branch: x)"`);
  }
}

/** Every way failed: the error names each, and nothing is left in the cache. */
async function expectMissing(options: ObtainPrometheusOptions, reason: RegExp): Promise<void> {
  const error = await obtainPrometheus(options).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'H_STACK_PROMETHEUS_MISSING' });
  const { message } = error as Error;
  expect(message).toMatch(reason);
  for (const way of ['- PATH: ', '- cache: ', '- official release: ', "- Debian's package: "]) {
    expect(message).toContain(way);
  }
  expect(await filesBelow(options.cacheDir)).toEqual([]);
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
}
