#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { parseArgs, parseEnv, styleText } from 'node:util';
import { processEnvironment } from '#harness/config/env.ts';
import {
  checkProductionEnvironment,
  type EnvironmentReport,
} from '#harness/environment/check-production-environment.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { Finding } from '#harness/findings/finding.ts';

const HELP = `Checks that a production environment can never run in test mode.

Required: APP_ENV=production (said, not left to the default), TESTING unset or false, IS_TESTING
on in no file of settings. Defaults of a service: APP_ENV production, TESTING and IS_TESTING false.

Usage: node scripts/validate-production-env.ts [options]

  --root DIR        the deployed project (default: the current folder)
  --variables FILE  production's variables as KEY=value lines, instead of this process' own
  --strict          warnings count as errors
  --json            print the report as JSON
  --help            print this

Exit code: 0 may go to production, 1 must not, 70 could not be checked.

Examples:
  APP_ENV=production node scripts/validate-production-env.ts
  node scripts/validate-production-env.ts --root ../shop --variables ../shop/.env.production
  node scripts/validate-production-env.ts --strict --json > report.json

On a host without Node: sh scripts/validate-production-env.sh`;

const EXIT_FINDINGS = 1;
const EXIT_FAILURE = 70;
const READ_TIMEOUT_MS = 10_000;

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof HarnessError ? error.message : error);
  process.exitCode = EXIT_FAILURE;
}

async function main(): Promise<number> {
  const options = parseOptions();
  if (options.help === true) {
    console.log(HELP);
    return 0;
  }
  const { root = '.', strict = false } = options;
  const environment = await loadVariables(options.variables);
  const report = await checkProductionEnvironment({ environment, root, strict });
  if (options.json === true) console.log(JSON.stringify(report, null, 2));
  else printReport(root, report);
  return report.errors.length === 0 ? 0 : EXIT_FINDINGS;
}

function parseOptions() {
  try {
    return parseArgs({
      options: {
        root: { type: 'string' },
        // Not --env-file: Node takes that for itself, wherever it stands, and obeys the NODE_OPTIONS in
        // the file (https://github.com/nodejs/node/issues/54232, seen with 24.21).
        variables: { type: 'string' },
        strict: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HarnessError(why, {
      code: 'H_CLI_USAGE',
      fix: 'Read: node scripts/validate-production-env.ts --help',
      cause,
    });
  }
}

async function loadVariables(file: string | undefined) {
  if (file === undefined) return processEnvironment();
  const signal = AbortSignal.timeout(READ_TIMEOUT_MS);
  const text = await readFile(file, { encoding: 'utf8', signal }).catch((cause: unknown) => {
    throw new HarnessError(`The file of variables ${file} cannot be read.`, {
      code: 'H_ENVIRONMENT_FILE',
      fix: 'Name a readable file of KEY=value lines with --variables.',
      cause,
    });
  });
  return parseEnv(text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n'));
}

function printReport(root: string, { checks, errors, warnings }: EnvironmentReport): void {
  console.log(`Production environment of ${root}`);
  for (const finding of errors) printFinding(styleText('red', 'error  '), finding);
  for (const finding of warnings) printFinding(styleText('yellow', 'warning'), finding);
  const verdict =
    errors.length === 0
      ? styleText('green', 'May go to production')
      : styleText('red', 'Must not go to production');
  console.log(
    `${verdict}: ${checks} checks, ${errors.length} errors, ${warnings.length} warnings.`,
  );
}

function printFinding(severity: string, { check, message, fix }: Finding): void {
  console.log(`  ${severity}  ${check}  ${message}`);
  if (fix !== undefined) console.log(`           fix: ${fix}`);
}
