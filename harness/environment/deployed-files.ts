import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { HarnessError } from '../errors/harness-error.ts';

/** Larger files are reported as not read: settings and hand-written source are never that large. */
const FILE_BYTES_MAX = 1_048_576;
/** A tree with more entries is not a project: somebody named the wrong folder. */
const ENTRIES_MAX = 200_000;

/** Other people's code, and what tools wrote. */
const LEFT_OUT = new Set(
  'node_modules .git .venv venv site-packages vendor __pycache__ coverage .tally .vitest'.split(
    ' ',
  ),
);

/** Files below such a folder, and a link or a file named like one. */
const SETTINGS_FOLDER = /(?:^|\/)(?:config|env|envs|environments)(?:\/|$)/;
const SETTINGS_FILE =
  /(?:^|\/)(?:\.?env[^/]*|[^/]*\.env|(?:docker-)?compose[^/]*\.ya?ml)$|^\.github\/workflows\/.*\.ya?ml$/;
const SETTINGS_PATH = [SETTINGS_FOLDER, SETTINGS_FILE];
const DOCUMENT = /\.(?:md|mdx|rst|adoc)$/;
const SOURCE_FOLDER = /(?:^|\/)(?:src|app|lib|server)\//;
const CODE = /\.(?:[cm]?[jt]s|[jt]sx|py|go|rb|php|java|kt|cs|rs)$/;

const TEST_WORD =
  /(?:^|[/._-])(?:tests?|testing|spec|e2e|examples?|samples?|template|fixtures)(?=[/._-]|$)/i;
const DEPLOYED_WORD = /(?:^|[/._-])(?:prod|production|deploy|release)(?=[/._-]|$)/i;

/** A file below the root that the rules look at. */
export interface DeployedFile {
  /** From the root, with `/`. */
  path: string;
  /** May hold settings: judged for test mode. */
  isSettings: boolean;
  /** Is deployed code: searched for test patterns. */
  isSource: boolean;
  /** Is in a programming language, where `TESTING: boolean` gives no value. */
  isCode: boolean;
  /** Its name says that it is for tests or an example, and not that it is deployed. */
  isForTests: boolean;
  content: FileContent;
}

type FileContent = { text: string } | { unread: string };

/**
 * Reads the files under `root` that the rules look at. A file or folder that cannot be read is
 * among them, with the reason. Symbolic links are followed to files inside `root` only.
 * Throws H_ENVIRONMENT_LIMIT when the tree is too large or `signal` aborts.
 */
export async function* readDeployedFiles(
  root: string,
  signal: AbortSignal,
): AsyncGenerator<DeployedFile> {
  const folders = [''];
  let entriesLeft = ENTRIES_MAX;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await listFolder(join(root, folder));
    if (entries === undefined) yield unreadableFolder(folder);
    entriesLeft -= entries?.length ?? 0;
    if (signal.aborted || entriesLeft < 0) throw tooMuch(root, signal.reason);
    for (const { name, isFolder } of entries ?? []) {
      if (isFolder) folders.push(`${folder}${name}/`);
      else yield* readDeployedFile(root, `${folder}${name}`, signal);
    }
  }
}

async function listFolder(path: string) {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
  return entries
    ?.filter((entry) => !LEFT_OUT.has(entry.name))
    .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
}

async function* readDeployedFile(
  root: string,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<DeployedFile> {
  const isForTests = TEST_WORD.test(path) && !DEPLOYED_WORD.test(path);
  const isCode = CODE.test(path);
  const isSettings = SETTINGS_PATH.some((rule) => rule.test(path)) && !DOCUMENT.test(path);
  const isSource = SOURCE_FOLDER.test(path) && isCode && !isForTests;
  if (!isSettings && !isSource) return;
  const content = await readContent(root, path, signal);
  if (content) yield { path, isSettings, isSource, isCode, isForTests, content };
}

/** Undefined for a link to a folder of settings, whose files are read at their own place. */
async function readContent(
  root: string,
  path: string,
  signal: AbortSignal,
): Promise<FileContent | undefined> {
  try {
    const target = await realpath(join(root, path));
    const inside = relative(root, target).split(sep).join('/');
    if (inside === '..' || inside.startsWith('../'))
      return { unread: 'it is a link that leads out of the root' };
    const facts = await stat(target);
    if (facts.isDirectory() && SETTINGS_FOLDER.test(inside)) return undefined;
    if (!facts.isFile()) return { unread: 'it is not a regular file' };
    if (facts.size > FILE_BYTES_MAX) return { unread: `it has ${facts.size} bytes` };
    return { text: plainText(await readFile(target, { signal })) };
  } catch (error) {
    if (signal.aborted) throw tooMuch(root, error);
    return { unread: 'it cannot be opened' };
  }
}

/** Bytes as Latin-1, without byte order mark and NUL: so UTF-16 reads as ASCII too. */
function plainText(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .replaceAll('\0', '');
}

function unreadableFolder(folder: string): DeployedFile {
  const kind = { isSettings: true, isSource: false, isCode: false, isForTests: false };
  return {
    path: folder.slice(0, -1) || '.',
    ...kind,
    content: { unread: 'the folder cannot be opened' },
  };
}

function tooMuch(root: string, cause: unknown): HarnessError {
  return new HarnessError(
    `The folder ${root} has more than ${ENTRIES_MAX} entries, or reading it took too long.`,
    {
      code: 'H_ENVIRONMENT_LIMIT',
      fix: 'Name the folder of the project that is deployed.',
      cause,
    },
  );
}
