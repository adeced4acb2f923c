import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import {
  checkProductionEnvironment,
  type EnvironmentReport,
} from './check-production-environment.ts';
import {
  describeFinding,
  loadProductionEnvCases,
  parseProductionEnvCase,
  UNPRIVILEGED_USER,
  writeProductionEnvCase,
} from './production-env-cases.ts';

const PRODUCTION = { APP_ENV: 'production' };
const HERE = import.meta.dirname;
const cases = await loadProductionEnvCases();

describe('production environment', () => {
  // Cases with --variables are for the scripts: the library is handed the variables.
  test.for(cases.filter(({ variables }) => variables === undefined))('$name', async (given) => {
    await using written = await writeProductionEnvCase(given);
    const { env: environment, strict } = given;
    const check = () => checkProductionEnvironment({ environment, root: written.root, strict });
    const report = await (given.unprivileged ? withoutPrivileges(check) : check());
    expect(describeReport(report)).toEqual(given.findings);
  });

  test('never repeats a value that could be a secret', async () => {
    const environment = {
      APP_ENV: 'sk-tally-1',
      TESTING: 'sk-tally-2',
      IS_TESTING: '$A sk-tally-3',
    };
    const { errors } = await checkProductionEnvironment({ environment, root: HERE });
    expect(errors.map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "APP_ENV is a value of 10 characters, not shown here, not "production".",
        "TESTING is a value of 10 characters, not shown here, which is none of true, 1, yes, false, 0, no.",
        "IS_TESTING is a value of 13 characters, not shown here, which is none of true, 1, yes, false, 0, no.",
      ]
    `);
  });

  test('counts every variable and every file as a check', async () => {
    const files = { '.env': 'A=1', 'src/a.ts': '', 'README.md': '' };
    await using written = await writeProductionEnvCase(parseProductionEnvCase({ files }));
    const report = await checkProductionEnvironment({
      environment: PRODUCTION,
      root: written.root,
    });
    expect(report).toEqual({ checks: 5, errors: [], warnings: [] });
  });

  test.for([`${tmpdir()}/tally-no-such-folder`, import.meta.filename])(
    'fails on the root %s, which is no folder',
    async (root) => {
      const check = checkProductionEnvironment({ environment: PRODUCTION, root });
      await expect(check).rejects.toMatchObject({ code: 'H_ENVIRONMENT_ROOT' });
    },
  );

  test('gives up when it is told to', async () => {
    const signal = AbortSignal.abort();
    const check = checkProductionEnvironment({ environment: PRODUCTION, root: HERE, signal });
    await expect(check).rejects.toMatchObject({ code: 'H_ENVIRONMENT_LIMIT' });
  });
});

function describeReport({ errors, warnings }: EnvironmentReport): string[] {
  return [
    ...errors.map(({ check, message }) => describeFinding({ severity: 'error', check, message })),
    ...warnings.map(({ check, message }) =>
      describeFinding({ severity: 'warning', check, message }),
    ),
  ].sort();
}

/** Root may read everything, so as root the action runs as nobody. */
async function withoutPrivileges<T>(action: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return action();
  process.seteuid?.(UNPRIVILEGED_USER);
  try {
    return await action();
  } finally {
    process.seteuid?.(0);
  }
}
