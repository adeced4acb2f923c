import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { didYouMean } from '#harness/errors/nearest-name.ts';
import { isRaced, type Scenario, stepsOf } from '#harness/traffic/scenario.ts';
import { tallyConfigSchema } from './config-schema.ts';
import type { TallyConfig } from './tally-config.ts';

export const CONFIG_FILE = 'tally.config.ts';

/** A checked configuration and the folder its paths are relative to. */
export interface LoadedConfig {
  config: TallyConfig;
  path: string;
  root: string;
}

/** Loads `tally.config.ts` (or the given file) and checks it. Throws H_CONFIG_*. */
export async function loadConfig(file: string = CONFIG_FILE): Promise<LoadedConfig> {
  const path = resolve(file);
  await access(path).catch((cause: unknown) => {
    throw new HarnessError(`There is no configuration at ${path}.`, {
      code: 'H_CONFIG_NOT_FOUND',
      fix: `Run the command in the folder that holds ${CONFIG_FILE}, or name the file with --config.`,
      cause,
    });
  });
  const exported = await importDefault(path);
  return { config: parseConfig(exported, path), path, root: dirname(path) };
}

async function importDefault(path: string): Promise<unknown> {
  try {
    const module: Record<string, unknown> = await import(pathToFileURL(path).href);
    return module['default'];
  } catch (cause) {
    const said = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new HarnessError(`${path} could not be loaded. ${said}`, {
      code: 'H_CONFIG_UNREADABLE',
      fix: 'Mend the file: it must be TypeScript that Node runs as it is, with a default export made by defineConfig().',
      cause,
    });
  }
}

/** `unknown` → TallyConfig, or H_CONFIG_INVALID with the path of each wrong value. */
export function parseConfig(exported: unknown, path: string): TallyConfig {
  const parsed = tallyConfigSchema.safeParse(exported);
  if (!parsed.success) {
    throw new HarnessError(
      `${path} is not a valid configuration:\n${z.prettifyError(parsed.error)}`,
      {
        code: 'H_CONFIG_INVALID',
        fix: 'Correct the values named above; `defineConfig` shows their types in an editor.',
      },
    );
  }
  // The schema checked the shape of everything but the functions' types, which TypeScript checks.
  const config = exported as TallyConfig;
  refuseTwins(config.scenarios, { path, kind: 'scenario' });
  refuseTwins(config.facts, { path, kind: 'fact' });
  refuseSharedRaces(config.scenarios, path);
  refuseUnknownFacts(config, path);
  return config;
}

/** Only a key of its own tells the provider calls of a raced scenario from all others. */
function refuseSharedRaces(scenarios: TallyConfig['scenarios'], path: string): void {
  const shared = scenarios.find((each) => stepsOf(each).some(isRaced) && !paysItself(each));
  if (shared === undefined) return;
  throw new HarnessError(
    `${path}: the scenario "${shared.name}" races, but not every call is paid with its own key.`,
    {
      code: 'H_CONFIG_INVALID',
      fix: 'Give it the caller "own-key", or let the provider hold where the client leaves.',
    },
  );
}

function paysItself(scenario: Scenario): boolean {
  const answers = stepsOf(scenario).flatMap(({ provider }) => provider);
  return scenario.caller === 'own-key' && answers.every(({ paidBy }) => paidBy !== 'system');
}

/** A misspelt fact would be checked by nobody. */
function refuseUnknownFacts({ scenarios, facts }: TallyConfig, path: string): void {
  const known = new Set(facts.map(({ name }) => name));
  for (const scenario of scenarios) {
    const asked = stepsOf(scenario).flatMap(({ atBarrier }) => atBarrier?.facts ?? []);
    const unknown = asked.find((name) => !known.has(name));
    if (unknown === undefined) continue;
    throw new HarnessError(
      `${path}: the scenario "${scenario.name}" checks the fact "${unknown}" at its barrier, which is not among the facts.${didYouMean(unknown, known)}`,
      { code: 'H_CONFIG_INVALID', fix: 'Name a fact of the configuration.' },
    );
  }
}

function refuseTwins(
  named: readonly { name: string }[],
  { path, kind }: { path: string; kind: string },
): void {
  const seen = new Set<string>();
  for (const { name } of named) {
    if (seen.has(name)) {
      throw new HarnessError(`${path} names the ${kind} "${name}" twice.`, {
        code: 'H_CONFIG_INVALID',
        fix: `Give each ${kind} a name of its own.`,
      });
    }
    seen.add(name);
  }
}
