import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadAlerts } from '../load-alerts.ts';
import { fireAlerts } from './fire-alerts.ts';
import { firingHashOf, saveFiringResult } from './firing-result.ts';

const VERSION = '2.42.0';
let folder: string;

/** A project with one alert, and programs that tell their version and do nothing else. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firing-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of ['rules', 'tests', 'bin', 'cache']) await mkdir(join(folder, name));
  const rule = { alert: 'Loud', expr: 'up == 0' };
  await write('rules/a.rules.yml', { groups: [{ name: 'a', rules: [rule] }] });
  await write('tests/a.test.yml', { rule_files: [], tests: [] });
  await write('prometheus.yml', {});
  await write('alertmanager.yml', { route: {}, receivers: [] });
  for (const name of ['prometheus', 'promtool', 'alertmanager']) {
    const script = `#!/bin/sh\necho "${name}, version ${VERSION}"\n`;
    await writeFile(join(folder, 'bin', name), script, { mode: 0o755 });
  }
});

const write = (path: string, content: object) =>
  writeFile(join(folder, path), JSON.stringify(content));

async function fire(options: { mayFire: boolean }) {
  const folders = { rules: join(folder, 'rules'), tests: join(folder, 'tests') };
  const env = { PATH: join(folder, 'bin'), TALLY_CACHE_DIR: join(folder, 'cache') };
  return await fireAlerts(await loadAlerts(folders), {
    prometheusConfig: join(folder, 'prometheus.yml'),
    alertmanagerConfig: join(folder, 'alertmanager.yml'),
    harness: loadHarnessEnvironment(env),
    progress: () => undefined,
    signal: AbortSignal.timeout(15_000),
    ...options,
  });
}

/** What an earlier run found out about these files on this version of Prometheus. */
async function keep(version = VERSION): Promise<void> {
  const files = ['rules/a.rules.yml', 'tests/a.test.yml', 'prometheus.yml', 'alertmanager.yml'];
  const paths = files.map((file) => join(folder, file));
  const hash = await firingHashOf(paths, [version]);
  const result = { fired: ['Loud'], failed: {} };
  await saveFiringResult(join(folder, 'cache'), { hash, result });
}

const NOT_YET = { notRun: 'these alerts were not fired yet; --profile ci does it' };

describe('fireAlerts', () => {
  test('knows nothing of alerts that were not fired, and says so', async () => {
    expect(await fire({ mayFire: false })).toEqual(NOT_YET);
  });

  test('tells what is known of exactly these files', async () => {
    await keep();
    expect(await fire({ mayFire: true })).toEqual({ fired: ['Loud'], failed: {} });
  });

  test.for(['rules/a.rules.yml', 'tests/a.test.yml', 'prometheus.yml', 'alertmanager.yml'])(
    'knows nothing any more when %s changed',
    async (path) => {
      await keep();
      const changed = { rule_files: [], tests: [], groups: [], route: {}, receivers: [], x: 1 };
      await write(path, changed);
      expect(await fire({ mayFire: false })).toEqual(NOT_YET);
    },
  );

  test('knows nothing of another version of Prometheus', async () => {
    await keep('3.5.0');
    expect(await fire({ mayFire: false })).toEqual(NOT_YET);
  });

  test('knows nothing where no server starts, which says nothing of the alerts', async () => {
    const firing = [{ alertname: 'Loud', eval_time: '1m', exp_alerts: [{ exp_labels: {} }] }];
    const up = { series: 'up', values: '0x5' };
    await write('tests/a.test.yml', {
      rule_files: [],
      tests: [{ input_series: [up], alert_rule_test: firing }],
    });
    expect(await fire({ mayFire: true })).toEqual({
      notRun: expect.stringMatching(/^Alertmanager \(.*\) did not start\./),
    });
  });

  test('tells why an alert did not fire, in one line', async () => {
    expect(await fire({ mayFire: true })).toEqual({
      fired: [],
      failed: {
        Loud: 'The unit test of Loud cannot be played to Prometheus: no unit test lets it fire.',
      },
    });
    expect(await fire({ mayFire: false })).toEqual(NOT_YET);
  });
});
