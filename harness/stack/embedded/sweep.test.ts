import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, describe, expect } from 'vitest';
import { createStackName } from '../stack-name.ts';
import { removeStack, sweepDeadStacks } from './sweep.ts';

const test = base.extend<{ root: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants the first argument destructured.
  root: async ({}, use) => {
    const root = await mkdtemp(join(tmpdir(), 'sweep-'));
    await use(root);
    await rm(root, { recursive: true, force: true });
  },
});

describe('sweep', () => {
  test('removes a dead stack with all it holds, and keeps everything else', async ({ root }) => {
    const dead = await nameOf({ pid: '4194305' });
    const alive = await createStackName();
    for (const name of [dead, alive, 'tally-notes']) {
      await mkdir(join(root, name, 'postgres'), { recursive: true });
      await writeFile(join(root, name, 'postgres', 'file'), 'content');
      await makeOld(join(root, name));
    }
    await sweepDeadStacks([root]);
    expect((await readdir(root)).sort()).toEqual([alive, 'tally-notes'].sort());
  });

  test('ends the processes of a dead stack, also one that resists', async ({ root }) => {
    const dead = await nameOf({ pid: '4194305' });
    const directory = join(root, dead, 'postgres');
    await mkdir(directory, { recursive: true });
    const script = `process.on('SIGQUIT', () => {}); setInterval(() => {}, 1000); console.log('up')`;
    const child = spawn(process.execPath, ['-e', script, directory]);
    const closed = once(child, 'close');
    await once(child.stdout, 'data');
    await sweepDeadStacks([root]);
    expect(await closed).toEqual([null, 'SIGKILL']);
    expect(await readdir(root)).toEqual([]);
  });

  test("keeps another machine's stack for a day", async ({ root }) => {
    const elsewhere = await nameOf({ place: '000000' });
    await mkdir(join(root, elsewhere));
    await sweepDeadStacks([root]);
    expect(await readdir(root)).toEqual([elsewhere]);
    await makeOld(join(root, elsewhere));
    await sweepDeadStacks([root]);
    expect(await readdir(root)).toEqual([]);
  });

  test('may be done by several at once', async ({ root }) => {
    for (const pid of ['4194305', '4194306', '4194307']) {
      await mkdir(join(root, await nameOf({ pid }), 'a', 'b', 'c'), { recursive: true });
    }
    await Promise.all([sweepDeadStacks([root]), sweepDeadStacks([root]), sweepDeadStacks([root])]);
    expect(await readdir(root)).toEqual([]);
  });

  test('removes nothing that is no stack, whoever asks', async ({ root }) => {
    await mkdir(join(root, 'postgres'));
    await expect(removeStack('postgres', [root])).rejects.toThrow('"postgres" names no stack');
    expect(await readdir(root)).toEqual(['postgres']);
  });

  test('passes over a root that does not exist', async ({ root }) => {
    await expect(sweepDeadStacks([join(root, 'missing')])).resolves.toBeUndefined();
  });
});

async function nameOf(changes: { place?: string; pid?: string }): Promise<string> {
  const [tally, place, pid, startTime, random] = (await createStackName()).split('-');
  return [tally, changes.place ?? place, changes.pid ?? pid, startTime, random].join('-');
}

async function makeOld(path: string): Promise<void> {
  const twoDaysAgo = Date.now() / 1_000 - 2 * 86_400;
  await utimes(path, twoDaysAgo, twoDaysAgo);
}
