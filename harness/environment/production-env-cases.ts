import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { JudgedFinding } from './judged-finding.ts';

const TABLE = new URL('../../fixtures/environment/production-env-cases.json', import.meta.url);
const TIMEOUT_MS = 10_000;
/** The user nobody, for cases that root would not notice. */
export const UNPRIVILEGED_USER = 65_534;

const fileSchema = z.preprocess(
  (file) => (typeof file === 'string' ? { text: file } : file),
  z.union([
    z.strictObject({
      text: z.string(),
      /** How many times the text is written, and what comes last. */
      repeat: z.int().default(1),
      end: z.string().default(''),
      encoding: z.enum(['utf8', 'latin1', 'utf16le']).default('utf8'),
      /** Octal permissions of the file, and of the folder it is in. */
      mode: z.string().default('644'),
      folderMode: z.string().default('755'),
    }),
    z.strictObject({ link: z.string() }),
    z.strictObject({ pipe: z.literal(true) }),
  ]),
);

const expectationSchema = z.strictObject({
  exit: z.literal([0, 1, 70]).default(0),
  /** `severity check place`, sorted. */
  findings: z.array(z.string()).default([]),
});

const caseSchema = expectationSchema.extend({
  name: z.string().default('unnamed'),
  env: z.record(z.string(), z.string()).default({}),
  /** The text of the file given with --variables; null for one that does not exist. */
  variables: z.string().nullable().optional(),
  files: z.record(z.string(), fileSchema).default({}),
  strict: z.boolean().default(false),
  /** Seen only by a process that is not root. */
  unprivileged: z.boolean().default(false),
  /** What the shell script says instead, and why it cannot be as exact. */
  shell: expectationSchema.extend({ why: z.string() }).optional(),
});

export type ProductionEnvCase = z.output<typeof caseSchema>;
type CaseFile = z.output<typeof fileSchema>;

/** The one table of cases that the library and both scripts are tested with. */
export async function loadProductionEnvCases(): Promise<ProductionEnvCase[]> {
  return z.array(caseSchema).parse(JSON.parse(await readFile(TABLE, 'utf8')));
}

/** One case, as a row of the table is written. */
export function parseProductionEnvCase(row: z.input<typeof caseSchema>): ProductionEnvCase {
  return caseSchema.parse(row);
}

/** A case on disk; `root` is what is checked. */
export interface WrittenCase extends AsyncDisposable {
  root: string;
  variables: string | undefined;
}

/** Writes the files of a case into a new temporary folder. */
export async function writeProductionEnvCase(written: ProductionEnvCase): Promise<WrittenCase> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-env-'));
  const root = join(folder, 'project');
  const variables = written.variables === undefined ? undefined : join(folder, 'variables');
  await mkdir(root);
  await chmod(folder, 0o755);
  if (variables && written.variables) await writeFile(variables, written.variables);
  for (const [path, file] of Object.entries(written.files))
    await writeCaseFile(join(root, path), file);
  return {
    root,
    variables,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function writeCaseFile(path: string, file: CaseFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if ('link' in file) return symlink(file.link, path);
  if ('pipe' in file) {
    await promisify(execFile)('mkfifo', [path], { timeout: TIMEOUT_MS });
    return;
  }
  await writeFile(path, file.text.repeat(file.repeat) + file.end, file.encoding);
  await chmod(path, Number.parseInt(file.mode, 8));
  await chmod(dirname(path), Number.parseInt(file.folderMode, 8));
}

/** How the table writes a finding: severity, check, and the place when it has one. */
export function describeFinding(finding: JudgedFinding): string {
  const { severity, check, message } = finding;
  const place = /^(.+?:\d+): /.exec(message) ?? /^(.+) was not read: /.exec(message);
  return [severity, check, ...(place?.[1] === undefined ? [] : [place[1]])].join(' ');
}
