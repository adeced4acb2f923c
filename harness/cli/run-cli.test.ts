import { describe, expect, test, vi } from 'vitest';
import { runCli } from './run-cli.ts';
import type { TallyRun } from './run-tally.ts';

/** Runs a command line within this process: of help and refusals nothing else depends on one. */
async function runHere(args: readonly string[]): Promise<TallyRun> {
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    });
  const exitCode = await runCli(args);
  vi.restoreAllMocks();
  return { ...printed, exitCode };
}

describe('tally', () => {
  test.for([
    [['--help'], 0, /Commands:[\s\S]*verify[\s\S]*Exit codes/],
    [['verify', '--help'], 0, /Examples:[\s\S]*--no-tests/],
    [['record', '--help'], 0, /Examples:[\s\S]*--all/],
    [['up', '--help'], 0, /Examples:/],
    [['doctor', '--help'], 0, /Examples:/],
    [['import', '--help'], 0, /Examples:[\s\S]*--dry-run/],
    [['reseal', '--help'], 0, /Examples:[\s\S]*--reason/],
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
  ] as const)('%j prints help', async ([args, exitCode, shown]) => {
    const run = await runHere(args);
    expect(run.stdout, run.stderr).toMatch(shown);
    expect(run.exitCode, run.stderr).toBe(exitCode);
  });

  test.for([
    [['verfy'], 'Did you mean verify?'],
    [['verify', '--no-test'], 'Did you mean --no-tests?'],
    [['verify', '--profile', 'weekend'], 'Allowed choices are local, ci'],
    [['verify', '--config', '/nowhere/tally.config.ts'], '[H_CONFIG_NOT_FOUND]'],
    [[], 'No command was given'],
  ] as const)('%j is refused with a fix', async ([args, said]) => {
    const run = await runHere(args);
    expect(run.stderr).toContain(said);
    expect(run.stderr).toContain('fix: ');
    expect(run.exitCode, run.stderr).toBe(70);
  });
});
