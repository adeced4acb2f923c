import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { RunningContainer } from './stack-container.ts';

const TIMEOUT_MS = 10_000;
/** A group may have an interval of its own, and be evaluated in minutes. */
const EVALUATION_MS_MAX = 5_000;
const POLL_MS = 50;

export interface LoadRulesOptions {
  /** Of the Prometheus. */
  url: string;
  /** In its container, where it looks for rules. */
  folder: string;
  copy: RunningContainer['copy'];
}

const rulesSchema = z.object({
  data: z.object({
    groups: z.array(z.object({ rules: z.array(z.object({ health: z.string() })) })),
  }),
});

/**
 * Has a running Prometheus read these rule files. Resolves when each rule was evaluated, or after
 * 5 s; with the reason where Prometheus refuses them, and goes on without.
 */
export async function loadRules(
  files: readonly string[],
  { url, folder, copy }: LoadRulesOptions,
): Promise<string | undefined> {
  const contents = files.map(async (file) => ({
    content: await readFile(file, 'utf8'),
    target: `${folder}/${basename(file)}`,
    mode: 0o644,
  }));
  await copy(await Promise.all(contents));
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const reloaded = await fetch(`${url}/-/reload`, { method: 'POST', signal });
  if (!reloaded.ok) return (await reloaded.text()).trim();
  const untilMs = performance.now() + EVALUATION_MS_MAX;
  while (!(await areEvaluated(url, signal)) && performance.now() < untilMs) await pause(POLL_MS);
  return undefined;
}

async function areEvaluated(url: string, signal: AbortSignal): Promise<boolean> {
  const response = await fetch(`${url}/api/v1/rules`, { signal });
  const { groups } = rulesSchema.parse(await response.json()).data;
  return groups.every(({ rules }) => rules.every(({ health }) => health !== 'unknown'));
}
