import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import { patchedFiles, plantDefect } from '#harness/defects/plant-defect.ts';
import { proveDefect } from '#harness/defects/prove-defect.ts';
import { defects } from './defects.ts';

// Each waits five seconds for its Prometheus' first scrape.
describe.concurrent.for(defects)('$name', (defect) => {
  test('can be planted', async () => {
    const files = await patchedFiles(process.cwd(), defect);
    for (const { file, replace } of defect.patches ?? []) {
      expect(files.get(file)).toContain(replace);
    }
  });

  test('is found by the check that it names', { tags: ['slow'] }, async () => {
    const proof = await proveDefect(await loadConfig(), defect, {
      harness: loadHarnessEnvironment(),
      baseEnv: childEnvironment(),
      progress: () => undefined,
      signal: AbortSignal.timeout(170_000),
    });
    expect(proof.checks).toContain(defect.caughtBy);
    expect(proof.verdict).toBe('FAIL');
  });
});

test('a defect is planted in a copy, which is gone afterwards', {
  tags: ['integration'],
}, async () => {
  const [defect = expect.unreachable('there is no defect')] = defects;
  const [[file, text] = []] = await patchedFiles(process.cwd(), defect);
  const copy = await plantDefect(process.cwd(), defect);
  expect(readFileSync(join(copy.root, file ?? ''), 'utf8')).toBe(text);
  expect(readFileSync(file ?? '', 'utf8')).not.toBe(text);
  expect(existsSync(join(copy.root, 'tally.config.ts'))).toBe(true);
  await copy[Symbol.asyncDispose]();
  expect(existsSync(copy.root)).toBe(false);
});
