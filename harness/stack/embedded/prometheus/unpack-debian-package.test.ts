import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test as base, describe, expect } from 'vitest';
import { readVersion } from './find-prometheus.ts';
import type { ObtainPrometheusOptions } from './prometheus-source.ts';
import { writeProgram } from './release-server.fixture.ts';
import { unpackDebianPackage } from './unpack-debian-package.ts';

interface Fixtures {
  bin: string;
  work: string;
  options: ObtainPrometheusOptions;
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants the first argument destructured.
  bin: async ({}, use) => {
    const directory = await mkdtemp(join(tmpdir(), 'debian-'));
    const bin = join(directory, 'bin');
    await mkdir(bin);
    await mkdir(join(directory, 'work'));
    await use(bin);
    await chmod(directory, 0o755);
    await rm(directory, { recursive: true, force: true });
  },
  work: async ({ bin }, use) => await use(join(bin, '..', 'work')),
  options: async ({ bin, work }, use) => {
    await use({
      cacheDir: work,
      stackName: 'tally-test',
      env: { PATH: [bin, '/usr/bin', '/bin'].join(delimiter) },
      progress: () => undefined,
    });
  },
});

const DOWNLOAD = 'echo package > prometheus_1_amd64.deb';
const NO_LISTS = "echo 'E: Unable to locate package prometheus' >&2; exit 100";
const DPKG = `
[ "$1" = -x ] && [ "$(cat "$2")" = package ] || exit 2
mkdir -p "$3/usr/bin"
printf '#!/bin/sh\\necho prometheus, version 2.42.0+ds\\n' > "$3/usr/bin/prometheus"
cp "$3/usr/bin/prometheus" "$3/usr/bin/promtool"
chmod +x "$3/usr/bin/"*`;

describe.runIf(process.platform === 'linux')("Debian's package", () => {
  test('is downloaded and unpacked', async ({ bin, work, options }) => {
    await writeProgram(join(bin, 'apt-get'), DOWNLOAD);
    await writeProgram(join(bin, 'dpkg'), DPKG);
    const folder = await unpackDebianPackage(work, options);
    expect(await readVersion(join(folder, 'prometheus'))).toBe('2.42.0');
  });

  test('is two packages, where promtool has one of its own', async ({ bin, work, options }) => {
    await writeProgram(
      join(bin, 'apt-get'),
      'for name; do :; done; echo "$name" > "$name"_1_amd64.deb',
    );
    await writeProgram(
      join(bin, 'dpkg'),
      'mkdir -p "$3/usr/bin"; program="$3/usr/bin/$(cat "$2")"; echo > "$program"; chmod +x "$program"',
    );
    const folder = await unpackDebianPackage(work, options);
    expect((await readdir(folder)).sort()).toEqual(['prometheus', 'promtool']);
  });

  test('is found with lists of our own where the machine has none', async ({
    bin,
    work,
    options,
  }) => {
    await writeProgram(
      join(bin, 'apt-get'),
      `echo "$*" >> ${join(work, 'calls')}\ncase "$*" in *update) exit 0;; *Dir::State*) ${DOWNLOAD};; *) ${NO_LISTS};; esac`,
    );
    await writeProgram(join(bin, 'dpkg'), DPKG);
    await unpackDebianPackage(work, options);
    const marked = `-o Tally::Work=${work}`;
    const own = `-o Dir::State=${join(work, 'apt', 'state')} -o Dir::Cache=${join(work, 'apt', 'cache')}`;
    expect(await readFile(join(work, 'calls'), 'utf8')).toBe(
      `${marked} download prometheus\n${own} ${marked} update\n${own} ${marked} download prometheus\n`,
    );
  });

  test('is not to be had without a network', async ({ bin, work, options }) => {
    await writeProgram(join(bin, 'apt-get'), "echo 'E: Failed to fetch http://x' >&2; exit 100");
    await expect(unpackDebianPackage(work, options)).rejects.toThrow(
      'apt-get ended with exit code 100; E: Failed to fetch http://x',
    );
  });

  test('does not fit on the disk', async ({ bin, work, options }) => {
    await writeProgram(join(bin, 'apt-get'), DOWNLOAD);
    await writeProgram(
      join(bin, 'dpkg'),
      "echo 'dpkg-deb: error: write: No space left on device' >&2; exit 2",
    );
    await expect(unpackDebianPackage(work, options)).rejects.toMatchObject({
      code: 'H_STACK_DISK_FULL',
    });
  });
});
