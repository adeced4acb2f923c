import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { processEnvironment } from '#harness/config/env.ts';
import {
  describeFinding,
  loadProductionEnvCases,
  type ProductionEnvCase,
  UNPRIVILEGED_USER,
  writeProductionEnvCase,
} from '#harness/environment/production-env-cases.ts';

const TIMEOUT_MS = 20_000;
const SCRIPT = join(import.meta.dirname, 'validate-production-env.ts');
// The text instead of the path: the user nobody may not be able to open the checkout.
const SHELL_TEXT = await readFile(join(import.meta.dirname, 'validate-production-env.sh'), 'utf8');
const SHELLS = { node: [process.execPath, SCRIPT], sh: ['sh', '-c', SHELL_TEXT, 'sh'] } as const;
const RUNNERS = ['node', 'sh'] as const;

const cases = await loadProductionEnvCases();
// Starting Node takes a while, and the library's own test plays every case that needs no command line.
const forNode = cases.filter(({ variables, strict }) => variables !== undefined || strict);

describe('validate-production-env.sh', () => {
  test.for(cases)('$name', async (given) => {
    const { findings, exit } = given.shell ?? given;
    expect(await play('sh', given)).toMatchObject({ exit, findings });
  });
});

describe('validate-production-env.ts', () => {
  test.for(forNode)('$name', async (given) => {
    const { findings, exit } = given;
    expect(await play('node', given)).toMatchObject({ exit, findings });
  });

  test('prints the report as JSON', async () => {
    await using written = await writeProductionEnvCase(caseNamed('refuses IS_TESTING=1'));
    const args = ['--json', '--root', written.root];
    const { stdout } = await run('node', { args, env: { APP_ENV: 'test' } });
    expect(JSON.parse(stdout)).toMatchObject({
      checks: 3,
      errors: [{ check: 'environment/app-env', fix: 'Set APP_ENV=production.' }],
      warnings: [],
    });
  });

  test('has colours only where they are wanted', async () => {
    const args = ['--root', import.meta.dirname];
    const plain = await run('node', { args, env: { NO_COLOR: '1' } });
    const coloured = await run('node', { args, env: { FORCE_COLOR: '1' } });
    expect(plain.stdout).not.toContain('\u001b[');
    expect(coloured.stdout).toContain('\u001b[31m');
  });
});

describe.for(RUNNERS)('validate-production-env by %s', (runner) => {
  test('explains itself', async () => {
    const { exit, stdout } = await run(runner, { args: ['--help'] });
    expect(exit).toBe(0);
    expect(stdout).toContain('Exit code: 0 may go to production, 1 must not, 70 could not be');
    expect(stdout).toMatch(/Examples:\n {2}APP_ENV=production /);
  });

  test.for([
    { args: ['--rooot', '.'], code: 'H_CLI_USAGE' },
    { args: ['--root'], code: 'H_CLI_USAGE' },
    { args: ['extra'], code: 'H_CLI_USAGE' },
    { args: ['--root', join(tmpdir(), 'tally-no-such-folder')], code: 'H_ENVIRONMENT_ROOT' },
    { args: ['--root', SCRIPT], code: 'H_ENVIRONMENT_ROOT' },
    { args: ['--variables', tmpdir()], code: 'H_ENVIRONMENT_FILE' },
  ])('ends with 70 and $code for $args', async ({ args, code }) => {
    const { exit, stderr } = await run(runner, { args, env: { APP_ENV: 'production' } });
    expect(exit).toBe(70);
    expect(stderr).toMatch(/\nfix: /);
    expect(stderr).toContain(`[${code}]`);
  });
});

test('both count the same checks', async () => {
  const given = caseNamed('warns only in files that say they are for tests');
  const [node, sh] = [await play('node', given), await play('sh', given)];
  expect(sh.summary).toBe('May go to production: 8 checks, 0 errors, 5 warnings.');
  expect(node.summary).toBe(sh.summary);
});

async function play(runner: keyof typeof SHELLS, given: ProductionEnvCase) {
  await using written = await writeProductionEnvCase(given);
  const args = [
    ...['--root', written.root],
    ...(written.variables === undefined ? [] : ['--variables', written.variables]),
    ...(given.strict ? ['--strict'] : []),
  ];
  const { exit, stdout, stderr } = await run(runner, { ...given, args });
  expect(stdout + stderr).not.toContain('sk-tally-');
  const lines = stdout.trimEnd().split('\n');
  return { exit, findings: lines.flatMap(readFinding).sort(), summary: lines.at(-1) };
}

function readFinding(line: string): string[] {
  const [, severity, check = '', message = ''] =
    /^ {2}(error|warning) +(\S+) {2}(.*)$/.exec(line) ?? [];
  if (severity !== 'error' && severity !== 'warning') return [];
  return [describeFinding({ severity, check, message })];
}

interface Run {
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  unprivileged?: boolean;
}

interface Ended {
  exit: number | string | null | undefined;
  stdout: string;
  stderr: string;
}

function run(runner: keyof typeof SHELLS, { args, env = {}, unprivileged = false }: Run) {
  const [command, ...first] = SHELLS[runner];
  const { PATH = '', NODE_V8_COVERAGE } = processEnvironment();
  const options = {
    cwd: tmpdir(),
    timeout: TIMEOUT_MS,
    env: { PATH, ...(NODE_V8_COVERAGE === undefined ? {} : { NODE_V8_COVERAGE }), ...env },
    ...(unprivileged && process.getuid?.() === 0 ? { uid: UNPRIVILEGED_USER } : {}),
  };
  return new Promise<Ended>((resolve) => {
    execFile(command, [...first, ...args], options, (error, stdout, stderr) => {
      resolve({ exit: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}

function caseNamed(name: string): ProductionEnvCase {
  const found = cases.find((given) => given.name === name);
  if (found === undefined) throw new Error(`The table has no case "${name}".`);
  return found;
}
