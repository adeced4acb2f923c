import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runTally } from './run-tally.ts';
import { writeShortConfig } from './short-config.fixture.ts';

const tags = ['integration'];

async function configWith(more: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'preview-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return await writeShortConfig(join(folder, 'short'), { more });
}

describe('tally preview', () => {
  test('writes the page of what was played, and prints where it is', { tags }, async () => {
    const folder = JSON.stringify(join(process.cwd(), 'grafana/dashboards'));
    const config = await configWith(`dashboards: { folder: ${folder} },`);
    const output = join(config, '..', 'deep', 'look.html');
    const run = await runTally(['preview', '--config', config, '--output', output]);
    expect(run.stdout.trim(), run.stderr).toBe(output);
    expect(run.exitCode, run.stderr).toBe(0);
    const page = await readFile(output, 'utf8');
    expect(page).toContain('reference-app in production mode');
    expect(page).toContain('Attempts by provider and outcome');
    // No verdict was ever written beside this configuration.
    expect(page).toContain(
      'The variable job offers no value: count by (job) (present_over_time(tally',
    );
  });

  test('says so before anything starts when there are no dashboards', { tags }, async () => {
    const run = await runTally(['preview', '--config', await configWith('')]);
    expect(run.stderr).toContain('names no dashboards, so there is nothing to draw.');
    expect(run.stderr).not.toContain('stack: starting');
    expect(run.exitCode, run.stderr).toBe(70);
  });
});
