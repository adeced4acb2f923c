import { expect, test } from 'vitest';
import { runPromtool } from '#harness/alerts/promtool.ts';
import { loadHarnessEnvironment } from '#harness/config/env.ts';
import { findPrometheus } from '#harness/stack/embedded/prometheus/find-prometheus.ts';

test('Prometheus accepts its configuration, and all rules that it names', async ({ signal }) => {
  const { promtool = '' } = (await findPrometheus(loadHarnessEnvironment())) ?? {};
  const args = ['check', 'config', 'prometheus/prometheus.yml'] as const;
  expect(await runPromtool(args, { promtool, signal })).toBeUndefined();
});
