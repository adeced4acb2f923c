import { HarnessError } from '#harness/errors/harness-error.ts';

/** A count on the command line. @throws HarnessError H_CLI_USAGE */
export function readCount(option: string, text: string, { multipleOf = 1 } = {}): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0 && count % multipleOf === 0) return count;
  const kind = multipleOf === 1 ? 'a whole number over 0' : `a multiple of ${multipleOf}`;
  throw new HarnessError(`${option} must be ${kind}, not "${text}".`, {
    code: 'H_CLI_USAGE',
    fix: `Give ${kind}, e.g. ${option} ${5 * multipleOf}; --help shows all options.`,
  });
}

/** One of these names on the command line. @throws HarnessError H_CLI_USAGE */
export function readName(option: string, text: string, names: readonly string[]): string {
  if (names.includes(text)) return text;
  throw new HarnessError(`${option} must be one of ${names.join(', ')}, not "${text}".`, {
    code: 'H_CLI_USAGE',
    fix: `Give one of these names, or leave ${option} out.`,
  });
}
