/** The variables that can put a service into test mode. Names of variables are case-sensitive. */
export const TEST_MODE_VARIABLES = ['IS_TESTING', 'TESTING', 'APP_ENV'] as const;
export type TestModeVariable = (typeof TEST_MODE_VARIABLES)[number];

export type Variables = Readonly<Record<string, string | undefined>>;

/** `unclear`: neither one of the words for on nor one of those for off, so nobody may rely on it. */
export type Switch = 'on' | 'off' | 'unclear';

const ON = ['true', '1', 'yes'];
const OFF = ['false', '0', 'no', '', 'null', '~'];
const TESTING_NAMES = ['testing', 'test'];

/** Only these words are ever printed: a secret pasted into the wrong variable must not leak. */
const PRINTABLE = /^\s*(?:|true|false|yes|no|on|off|[01]|y|n|t|f|null|enabled|disabled)\s*$/i;
const PRINTABLE_STAGE =
  /^\s*(?:|prod|production|test|testing|ci|qa|dev|development|local|staging)\s*$/i;

export function isTestModeVariable(name: unknown): name is TestModeVariable {
  return TEST_MODE_VARIABLES.some((variable) => variable === name);
}

/**
 * Whether `value` switches test mode on, trimmed and in any case. A value with a `$` is decided
 * elsewhere (`${TESTING:-true}`, `${{ vars.X || 'true' }}`): it counts as on when one of its words
 * is a word for on, or names a variable of `environment` that is on.
 */
export function readSwitch(
  variable: TestModeVariable,
  value: string,
  environment: Variables,
): Switch {
  const word = value.trim().toLowerCase();
  const on = variable === 'APP_ENV' ? TESTING_NAMES : ON;
  if (word.includes('$')) {
    const words = value.split(/[^A-Za-z0-9_]+/).filter((part) => part !== '');
    return words.some((part) => isOn(part, on) || isOn(environment[part], on)) ? 'on' : 'off';
  }
  if (on.includes(word)) return 'on';
  return variable === 'APP_ENV' || OFF.includes(word) ? 'off' : 'unclear';
}

/** `value` for a message: in quotes when it is a harmless word, else only its length. */
export function showValue(value: string): string {
  return PRINTABLE.test(value) || PRINTABLE_STAGE.test(value)
    ? JSON.stringify(value)
    : `a value of ${value.length} characters, not shown here`;
}

function isOn(value: string | undefined, on: readonly string[]): boolean {
  return value !== undefined && on.includes(value.trim().toLowerCase());
}
