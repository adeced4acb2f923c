import type { JudgedFinding } from './judged-finding.ts';
import { readSwitch, showValue, type Variables } from './test-mode.ts';

/** How many checks judgeVariables makes. */
export const VARIABLE_CHECKS = 3;

/** Judges the variables that production runs with. */
export function judgeVariables(environment: Variables): JudgedFinding[] {
  return [
    ...judgeAppEnv(environment['APP_ENV']),
    ...judgeSwitch('TESTING', 'environment/testing', environment),
    ...judgeSwitch('IS_TESTING', 'environment/is-testing', environment),
  ];
}

function judgeAppEnv(value: string | undefined): JudgedFinding[] {
  const check = 'environment/app-env';
  const fix = 'Set APP_ENV=production.';
  if (value === 'production') return [];
  if (value?.trim().toLowerCase() === 'production') {
    const message = `APP_ENV is ${showValue(value)}: read as production, but case or spaces differ, and another reader may compare exactly.`;
    return [{ severity: 'warning', check, message, fix }];
  }
  const message =
    value === undefined || value.trim() === ''
      ? 'APP_ENV is not set. A service defaults to production; a deployment must say so.'
      : `APP_ENV is ${showValue(value)}, not "production".`;
  return [{ severity: 'error', check, message, fix }];
}

function judgeSwitch(
  variable: 'TESTING' | 'IS_TESTING',
  check: string,
  environment: Variables,
): JudgedFinding[] {
  const value = environment[variable] ?? '';
  const verdict = readSwitch(variable, value);
  if (verdict === 'off') return [];
  const message =
    verdict === 'on'
      ? `${variable} is on (${showValue(value)}).`
      : `${variable} is ${showValue(value)}, which is none of true, 1, yes, false, 0, no.`;
  return [{ severity: 'error', check, message, fix: `Unset ${variable}, or set it to false.` }];
}
