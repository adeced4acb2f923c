import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { childEnvironment } from '#harness/config/env.ts';
import { runSuite } from './run-suite.ts';
import { commitOf, sourceHashOf } from './source-hash.ts';

const tags = ['integration'];
const VITEST = join(process.cwd(), 'node_modules', 'vitest', 'vitest.mjs');
const REPORTER = join(process.cwd(), 'harness', 'testing', 'result-reporter.ts');
let root: string;

/** A small project of somebody else with vitest and Tally's reporter. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'suite-'));
  await symlink(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
  await writeFile(join(root, '.gitignore'), 'node_modules\n.tally\ncoverage\n');
  await writeFile(
    join(root, 'vitest.config.ts'),
    `import { ResultReporter } from ${JSON.stringify(REPORTER)};
     export default { test: { reporters: ['default', new ResultReporter()] } };`,
  );
  await addTest('good', 'expect(1).toBe(1)');
  execFileSync('git', ['init', '-q', root]);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function addTest(name: string, assertion: string): Promise<void> {
  await writeFile(
    join(root, `${name}.test.ts`),
    `import { expect, test } from 'vitest'; test('${name} one', () => { ${assertion}; });`,
  );
}

/** What metrics.during() does at its end. */
const MOVING = `
  const sample = (value) => ({ name: 'x_total', labels: { a: '1' }, key: 'x_total{a="1"}', value });
  const reading = (value) => ({ families: new Map([
    ['x_total', { name: 'x_total', type: 'counter', samples: [sample(value)] }],
  ]) });
  process.getBuiltinModule('node:diagnostics_channel').channel('tally:movement')
    .publish({ before: reading(1), after: reading(2) })`;

const run = (...args: string[]) =>
  runSuite({ command: ['node', VITEST, 'run', ...args], root, env: childEnvironment() });

describe('runSuite', () => {
  test('runs the suite once, and reuses the result for the same sources', { tags }, async () => {
    const first = await run();
    expect(first).toMatchObject({ reused: false, result: { passed: 1, failed: 0, skipped: 0 } });
    expect(await run()).toMatchObject({ reused: true, result: { passed: 1 } });
    await addTest('more', 'expect(2).toBe(2)');
    expect(await run()).toMatchObject({ reused: false, result: { passed: 2 } });
  });

  test('keeps the coverage of a run that collects it', { tags }, async () => {
    const { result } = await run('--coverage', '--coverage.reporter=json');
    const percent = expect.any(Number);
    expect(result.coverage).toEqual({ lines: percent, branches: percent, functions: percent });
  });

  test('keeps what moved in its tests', { tags }, async () => {
    const reporter = JSON.stringify(REPORTER);
    const setupFiles = JSON.stringify([join(process.cwd(), 'harness/testing/note-movements.ts')]);
    await writeFile(
      join(root, 'vitest.config.ts'),
      `import { ResultReporter } from ${reporter};
       export default { test: { setupFiles: ${setupFiles}, reporters: [new ResultReporter()] } };`,
    );
    await addTest('moving', MOVING);
    expect((await run()).result.moved).toEqual(['x_total{a="1"}']);
  });

  test('tells which tests failed, and why', { tags }, async () => {
    await addTest('bad', 'expect(1).toBe(2)');
    const { result } = await run();
    expect(result).toMatchObject({ passed: 1, failed: 1 });
    expect(result.failures).toEqual([
      { name: 'bad one', file: 'bad.test.ts', message: expect.stringContaining('expected 1') },
    ]);
  });

  test('counts a file that cannot be loaded as a failure', { tags }, async () => {
    await writeFile(join(root, 'broken.test.ts'), "throw new Error('no such fixture');");
    const { result } = await run();
    expect(result.failed).toBe(1);
    expect(result.failures[0]?.message).toContain('no such fixture');
  });

  test('does not take a part of the suite for the whole', { tags }, async () => {
    await addTest('more', 'expect(2).toBe(2)');
    await expect(run('good')).rejects.toMatchObject({ code: 'H_SUITE_NO_RESULT' });
  });

  test('shows the output of a command that gives no result', { tags }, async () => {
    await mkdir(join(root, 'src'));
    const command = ['node', '-e', 'console.log("nothing to see")'] as const;
    await expect(runSuite({ command, root, env: childEnvironment() })).rejects.toMatchObject({
      code: 'H_SUITE_NO_RESULT',
      message: expect.stringContaining('nothing to see'),
    });
  });
});

describe('the sources', () => {
  test('have another hash when any file changes, also one that git does not know', async () => {
    const before = await sourceHashOf(root);
    expect(await sourceHashOf(root)).toBe(before);
    await writeFile(join(root, 'new-file'), 'new');
    expect(await sourceHashOf(root)).not.toBe(before);
  });

  test('outside a repository have neither hash nor commit', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'no-repository-'));
    expect([await sourceHashOf(outside), await commitOf(outside)]).toEqual([null, null]);
    await rm(outside, { recursive: true });
  });
});
