/** The variables that can put a service into test mode. Names of variables are case-sensitive. */
const TEST_MODE_VARIABLES = ['IS_TESTING', 'TESTING', 'APP_ENV'] as const;
export type TestModeVariable = (typeof TEST_MODE_VARIABLES)[number];

export type Variables = Readonly<Record<string, string | undefined>>;

/** `unclear`: neither one of the words for on nor one of those for off, so nobody may rely on it. */
export type Switch = 'on' | 'off' | 'unclear';

const ON = ['true', '1', 'yes'];
const OFF = ['false', '0', 'no', '', 'null', '~'];
const TESTING_NAMES = ['testing', 'test'];

/** Only these words are ever printed: a secret pasted into the wrong variable must not leak. */
const PRINTABLE = new Set(
  'true false yes no on off 0 1 y n t f null enabled disabled prod production test testing ci qa dev development local staging'.split(
    ' ',
  ),
);

export function isTestModeVariable(name: unknown): name is TestModeVariable {
  return TEST_MODE_VARIABLES.some((variable) => variable === name);
}

/** Whether `value` switches test mode on, trimmed and in any case. */
export function readSwitch(variable: TestModeVariable, value: string): Switch {
  if (isOn(variable, value)) return 'on';
  return variable === 'APP_ENV' || OFF.includes(value.trim().toLowerCase()) ? 'off' : 'unclear';
}

/**
 * The same for a value in a file, which may be decided elsewhere: `${TESTING:-true}`,
 * `${{ vars.X || 'true' }}`. With a `$` in it, it counts as on when one of its words is a word for
 * on, or names a variable of `environment` that is on.
 */
export function readSwitchInFile(
  variable: TestModeVariable,
  value: string,
  environment: Variables,
): Switch {
  if (!value.includes('$')) return readSwitch(variable, value);
  const words = value.split(/[^A-Za-z0-9_]+/);
  const canBeOn = words.some(
    (word) => isOn(variable, word) || isOn(variable, environment[word] ?? ''),
  );
  return canBeOn ? 'on' : 'off';
}

/** `value` for a message: in quotes when it is a harmless word, else only its length. */
export function showValue(value: string): string {
  return PRINTABLE.has(value.trim().toLowerCase())
    ? JSON.stringify(value)
    : `a value of ${value.length} characters, not shown here`;
}

function isOn(variable: TestModeVariable, value: string): boolean {
  const words = variable === 'APP_ENV' ? TESTING_NAMES : ON;
  return words.includes(value.trim().toLowerCase());
}
