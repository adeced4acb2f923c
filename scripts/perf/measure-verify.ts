import type { LoadedConfig } from '#harness/config/load-config.ts';
import { type RunSegmentsOptions, runSegments } from '#harness/modes/run-segments.ts';
import type { Measurement } from './measurement.ts';
import { median } from './median.ts';

const RUNS = 3;
const PARTS = ['start', 'scenarios', 'scraping', 'settle', 'reconcile'] as const;

/** `verify` without the test suite, and how long its parts take in the slower mode. */
export async function measureVerify(
  loaded: LoadedConfig,
  options: Pick<RunSegmentsOptions, 'harness' | 'baseEnv' | 'progress' | 'signal'>,
): Promise<Measurement[]> {
  const wholeMs: number[] = [];
  const partsMs = new Map<string, number[]>(PARTS.map((part) => [part, []]));
  for (let run = 0; run < RUNS; run += 1) {
    const startedAtMs = performance.now();
    const { segments } = await runSegments({ ...loaded, ...options, seed: 'perf' });
    wholeMs.push(performance.now() - startedAtMs);
    for (const part of PARTS) {
      const slowest = Object.values(segments).map(({ durationsMs }) => durationsMs[part]);
      partsMs.get(part)?.push(Math.max(...slowest));
    }
  }
  return [
    {
      name: 'verify without tests',
      value: median(wholeMs),
      unit: 'ms',
      runs: RUNS,
      target: 15_000,
    },
    ...[...partsMs].map(([part, values]): Measurement => {
      return { name: `  ${part}`, value: median(values), unit: 'ms', runs: RUNS };
    }),
  ];
}
