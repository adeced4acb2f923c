import { realpath, stat } from 'node:fs/promises';
import { HarnessError } from '../errors/harness-error.ts';
import type { Finding } from '../findings/finding.ts';
import { readDeployedFiles } from './deployed-files.ts';
import { judgeFile } from './judge-file.ts';
import { judgeVariables, VARIABLE_CHECKS } from './judge-variables.ts';
import type { JudgedFinding } from './judged-finding.ts';
import type { Variables } from './test-mode.ts';

const TIMEOUT_MS = 60_000;

/** What is going to production: the variables it will run with and the folder it comes from. */
export interface ProductionConfiguration {
  environment: Variables;
  /** The root folder of the deployed project. */
  root: string;
  /** Makes every warning an error. */
  strict?: boolean;
  /** By default reading the folder is given up after a minute. */
  signal?: AbortSignal;
}

/** The judgement: production may start when there is no error. */
export interface EnvironmentReport {
  /** How many things were looked at: variables, files of settings, files of source. */
  checks: number;
  errors: Finding[];
  warnings: Finding[];
}

/**
 * Checks that a production environment can never run in test mode: its variables, its files of
 * settings, and its source. Throws H_ENVIRONMENT_ROOT and H_ENVIRONMENT_LIMIT.
 */
export async function checkProductionEnvironment(
  configuration: ProductionConfiguration,
): Promise<EnvironmentReport> {
  const { environment, signal = AbortSignal.timeout(TIMEOUT_MS), strict = false } = configuration;
  const root = await openRoot(configuration.root);
  const found = judgeVariables(environment);
  let checks = VARIABLE_CHECKS;
  for await (const file of readDeployedFiles(root, signal)) {
    checks += 1;
    found.push(...judgeFile(file, environment));
  }
  const isError = (finding: JudgedFinding) => strict || finding.severity === 'error';
  return {
    checks,
    errors: found.filter(isError).map(withoutSeverity),
    warnings: found.filter((finding) => !isError(finding)).map(withoutSeverity),
  };
}

function withoutSeverity({ severity: _, ...finding }: JudgedFinding): Finding {
  return finding;
}

async function openRoot(root: string): Promise<string> {
  const code = 'H_ENVIRONMENT_ROOT';
  const fix = 'Name the root folder of the deployed project.';
  const path = await realpath(root).catch((cause: unknown) => {
    throw new HarnessError(`The folder ${root} cannot be opened.`, { code, fix, cause });
  });
  if ((await stat(path)).isDirectory()) return path;
  throw new HarnessError(`${root} is not a folder.`, { code, fix });
}
