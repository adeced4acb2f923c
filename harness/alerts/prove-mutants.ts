import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { Alert, Alerts, AlertTestFile } from './load-alerts.ts';
import { type Mutant, mutantsOf } from './mutants-of.ts';
import { type PromtoolOptions, runPromtool } from './promtool.ts';

/** How the unit tests of one alert met its mutants. */
export interface MutantsOfAlert {
  alert: string;
  mutants: number;
  /** The changes that no test noticed. */
  survived: readonly string[];
}

/**
 * Breaks an alert in one place after the other and runs its unit tests each time. Throws
 * H_ALERTS_MUTANT when promtool does not take a mutant for a rule: its test would be red for that.
 */
export async function proveMutants(
  alert: Alert,
  { testFiles }: Alerts,
  options: PromtoolOptions,
): Promise<MutantsOfAlert> {
  const mutants = mutantsOf(alert);
  const folder = await mkdtemp(join(tmpdir(), 'tally-mutants-'));
  try {
    const tests = testFiles.map((file) => onlyTestsOf(alert, file));
    const written = await Promise.all(
      mutants.map((mutant, index) => writeMutant(mutant, tests, join(folder, String(index)))),
    );
    const rules = written.map((each) => each.rules);
    const objection = await runPromtool(['check', 'rules', ...rules], options);
    if (objection !== undefined) throw noRule(alert, objection);
    const survived: Mutant[] = [];
    for (const [index, mutant] of mutants.entries()) {
      const red = await runPromtool(['test', 'rules', ...(written[index]?.tests ?? [])], options);
      if (red === undefined) survived.push(mutant);
    }
    return {
      alert: alert.alert,
      mutants: mutants.length,
      survived: survived.map(({ change }) => change),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type TestFile = Pick<AlertTestFile, 'tests'>;

/** The tests of a file that look at the alert; other alerts of theirs would be red without it. */
function onlyTestsOf({ alert }: Alert, { path: _, ...file }: AlertTestFile): TestFile {
  const tests = file.tests.map((test) => ({
    ...test,
    alert_rule_test: test.alert_rule_test.filter(({ alertname }) => alertname === alert),
  }));
  return { ...file, tests: tests.filter((test) => test.alert_rule_test.length > 0) };
}

/** JSON is YAML too. */
async function writeMutant({ alert }: Mutant, tests: readonly TestFile[], stem: string) {
  const { file: _, ...rule } = alert;
  const rules = `${stem}.rules.yml`;
  await writeFile(rules, JSON.stringify({ groups: [{ name: 'mutant', rules: [rule] }] }));
  const looking = tests.filter((file) => file.tests.length > 0);
  const files = looking.map((_each, index) => `${stem}-${index}.test.yml`);
  await Promise.all(
    looking.map((each, index) =>
      writeFile(files[index] ?? '', JSON.stringify({ ...each, rule_files: [rules] })),
    ),
  );
  return { rules, tests: files };
}

function noRule({ alert }: Alert, objection: string): HarnessError {
  return new HarnessError(`A mutant of ${alert} is no rule: ${objection}`, {
    code: 'H_ALERTS_MUTANT',
    fix: 'Report it as a defect of Tally, with the expression of the alert.',
  });
}
