import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse, type Tags } from 'yaml';
import { z } from 'zod';
import { HarnessError } from '#harness/errors/harness-error.ts';

const strings = z.record(z.string(), z.string());

const alertRule = z.looseObject({
  alert: z.string(),
  expr: z.string(),
  for: z.string().optional(),
  labels: strings.default({}),
  annotations: strings.default({}),
});
const ruleFile = z.object({
  groups: z.array(
    z.looseObject({ rules: z.array(z.union([alertRule, z.looseObject({ record: z.string() })])) }),
  ),
});
const alertTest = z.looseObject({
  alertname: z.string(),
  eval_time: z.string(),
  exp_alerts: z.array(z.looseObject({ exp_labels: strings.default({}) })).default([]),
});
const testFile = z.looseObject({
  rule_files: z.array(z.string()),
  tests: z.array(
    z.looseObject({
      name: z.string().default(''),
      interval: z.string().default('1m'),
      input_series: z.array(z.object({ series: z.string(), values: z.string() })).default([]),
      alert_rule_test: z.array(alertTest).default([]),
    }),
  ),
});

export interface Alert extends z.infer<typeof alertRule> {
  /** Path of the rule file. */
  file: string;
}

export interface AlertTestFile extends z.infer<typeof testFile> {
  path: string;
}

/** The alerts of a project and their promtool tests, read from two folders. */
export interface Alerts {
  ruleFiles: readonly string[];
  alerts: readonly Alert[];
  testFiles: readonly AlertTestFile[];
}

export interface AlertFolders {
  rules: string;
  tests: string;
  /** The configurations of the servers that evaluate and deliver them; needed to fire for real. */
  firing?: { prometheus: string; alertmanager: string };
}

/** Reads `*.rules.yml` and `*.test.yml`. Throws H_ALERTS_UNREADABLE. */
export async function loadAlerts({
  rules,
  tests,
}: Pick<AlertFolders, 'rules' | 'tests'>): Promise<Alerts> {
  const ruleFiles = await listFiles(rules, '.rules.yml');
  const alerts = await Promise.all(
    ruleFiles.map(async (file) => {
      const { groups } = await readYaml(file, ruleFile);
      const all = groups.flatMap((group) => group.rules);
      return all.filter((rule) => 'alert' in rule).map((rule) => ({ ...(rule as Alert), file }));
    }),
  );
  const testFiles = await Promise.all(
    (await listFiles(tests, '.test.yml')).map(async (path) => ({
      ...(await readYaml(path, testFile)),
      path,
    })),
  );
  return { ruleFiles, alerts: alerts.flat(), testFiles };
}

async function listFiles(folder: string, suffix: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw unreadable(folder, cause);
  });
  const found = names.filter((name) => name.endsWith(suffix)).sort();
  return found.map((name) => join(folder, name));
}

async function readYaml<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.infer<Schema>> {
  try {
    return schema.parse(parse(await readFile(file, 'utf8'), { customTags: withoutHex }));
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** In promtool's notation "0x5" is a series of zeros, and to YAML it would be the number 5. */
function withoutHex(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag === 'string' || tag.format !== 'HEX');
}

function unreadable(place: string, cause: unknown): HarnessError {
  const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
  return new HarnessError(`${basename(place)} (${place}) cannot be read: ${why}`, {
    code: 'H_ALERTS_UNREADABLE',
    fix: 'Correct the file, or `alerts` in tally.config.ts: two folders with *.rules.yml and *.test.yml.',
    cause,
  });
}
