import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig, parseConfig } from './load-config.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function configFile(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('loadConfig', () => {
  test('says where it looked when there is no configuration', async () => {
    await expect(loadConfig(join(folder, 'nowhere.ts'))).rejects.toMatchObject({
      code: 'H_CONFIG_NOT_FOUND',
      message: expect.stringContaining('nowhere.ts'),
    });
  });

  test('says what is wrong with a file that cannot be loaded', async () => {
    const path = await configFile('broken.mjs', 'throw new RangeError("no such port");');
    await expect(loadConfig(path)).rejects.toMatchObject({
      code: 'H_CONFIG_UNREADABLE',
      message: expect.stringContaining('RangeError: no such port'),
    });
  });

  test('names the path of each wrong value', async () => {
    const path = await configFile('wrong.mjs', 'export default { service: { readyPath: "x" } };');
    await expect(loadConfig(path)).rejects.toMatchObject({
      code: 'H_CONFIG_INVALID',
      message: expect.stringContaining('at service.readyPath'),
    });
  });

  test('loads this project’s own configuration', async () => {
    const { config, root } = await loadConfig('tally.config.ts');
    expect(config.service.name).toBe('reference-app');
    expect(root).toBe(process.cwd());
  });
});

test('parseConfig refuses a race on a key that others use too', async () => {
  const { config } = await loadConfig('tally.config.ts');
  const raced = config.scenarios
    .filter(({ name }) => name === 'stream-success')
    .map((scenario) => ({ ...scenario, departure: { afterContentEvents: 2 } }));
  expect(() => parseConfig({ ...config, scenarios: raced }, 'x')).toThrow(
    'the scenario "stream-success" races, but not every call is paid with its own key',
  );
});

test('parseConfig refuses a barrier that checks a fact nobody has stated', async () => {
  const { config } = await loadConfig('tally.config.ts');
  const misspelt = config.scenarios.slice(0, 1).map((scenario) => ({
    ...scenario,
    atBarrier: { leaving: 0, facts: ['http_in_progess'] },
  }));
  expect(() => parseConfig({ ...config, scenarios: misspelt }, 'x')).toThrow(
    'checks the fact "http_in_progess" at its barrier, which is not among the facts. Did you mean "http_in_progress"?',
  );
});

test('parseConfig refuses two scenarios or facts of one name', async () => {
  const { config } = await loadConfig('tally.config.ts');
  const twice = { ...config, facts: [...config.facts, ...config.facts.slice(0, 1)] };
  expect(() => parseConfig(twice, 'x')).toThrow('names the fact "provider_requests" twice');
});
