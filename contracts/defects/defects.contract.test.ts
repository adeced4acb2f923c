import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import { plantDefect } from '#harness/defects/plant-defect.ts';
import { proveDefect } from '#harness/defects/prove-defect.ts';
import { defects } from './defects.ts';

describe.for(defects)('$name', (defect) => {
  test('can be planted', { tags: ['integration'] }, async () => {
    await using copy = await plantDefect(process.cwd(), defect);
    const planted = defect.patches?.map(({ file }) => readFileSync(join(copy.root, file), 'utf8'));
    for (const [index, { replace }] of (defect.patches ?? []).entries()) {
      expect(planted?.[index]).toContain(replace);
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
