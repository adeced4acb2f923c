import { resolve } from 'node:path';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import { checkProductionEnvironment } from '#harness/environment/check-production-environment.ts';
import { type GateResult, ranGate } from './gate.ts';

/** The production configuration that the config file declares can never run in test mode. */
export async function environmentGate(
  { config, root }: LoadedConfig,
  signal: AbortSignal,
): Promise<GateResult> {
  const startedAtMs = performance.now();
  const { checks, errors, warnings } = await checkProductionEnvironment({
    environment: config.production.environment,
    root: resolve(root, config.production.root ?? '.'),
    signal,
  });
  return ranGate('environment', {
    checks,
    durationMs: performance.now() - startedAtMs,
    findings: errors,
    warnings,
  });
}
