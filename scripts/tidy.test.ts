import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HARNESS_ERROR_CODES } from '#harness/errors/codes.ts';

const ROOT = join(import.meta.dirname, '..');
const BLOB_BYTES_MAX = 100 * 1024;
/** Written by npm, and from sources that are read: nobody reads them line by line. */
const GENERATED = new Set(['package-lock.json', 'reference-app/openapi.json']);
const VENDORS = ['openai', 'google', 'anthropic'];
/** A key in the repository says by one of these that it was never real. */
const FAKE_KEY_MARKS = ['tally', '0123456789'];

const files = execFileSync('git', ['ls-files', '-z'], {
  cwd: ROOT,
  encoding: 'utf8',
  timeout: 10_000,
})
  .split('\0')
  // A file that was deleted but not yet committed is listed too.
  .filter((path) => path !== '' && existsSync(join(ROOT, path)));
const written = files.filter((path) => !GENERATED.has(path));
const sources = written.filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'));

describe('repository', () => {
  test('is looked at', () => {
    expect(sources).toContain('harness/errors/codes.ts');
  });

  test('holds no file over 100 KB', () => {
    const large = written.filter((path) => statSync(join(ROOT, path)).size > BLOB_BYTES_MAX);
    expect(large).toEqual([]);
  });

  test('holds no text that looks like a key', () => {
    expect(linesWith(written, findKeys)).toEqual([]);
  });

  test('holds no note to do something later without the number of its issue', () => {
    expect(
      linesWith(written, (line) => line.match(/\b(?:T[O]DO|F[I]XME|X[X]X)\b(?!\(?#\d)/g)),
    ).toEqual([]);
  });

  test('names vendors in one order', () => {
    const wrong = sources.flatMap((path) =>
      findWrongOrders(read(path)).map((list) => `${path}: ${list}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('error codes', () => {
  const rows = [
    ...read('harness/errors/README.md').matchAll(/^\| `(H_[A-Z_]+)` +\| .+ \| .+ \|$/gm),
  ];

  test('have a row each, with meaning and fix', () => {
    expect(rows.map((row) => row[1]).sort()).toEqual([...HARNESS_ERROR_CODES].sort());
  });

  test('are all used', () => {
    const text = sources
      .filter((path) => path !== 'harness/errors/codes.ts')
      .map(read)
      .join('\n');
    expect(HARNESS_ERROR_CODES.filter((code) => !text.includes(`'${code}'`))).toEqual([]);
  });
});

describe('alerts', () => {
  const stemsIn = (folder: string, suffix: string): string[] =>
    files
      .filter((path) => path.startsWith(`prometheus/${folder}/`))
      .map((path) => basename(path, suffix));
  const rules = stemsIn('rules', '.rules.yml');

  test('have a file of unit tests for each file of rules', () => {
    expect(stemsIn('tests', '.test.yml')).toEqual(expect.arrayContaining(rules));
  });

  test('have a runbook each, and no other is there', () => {
    const text = rules.map((stem) => read(`prometheus/rules/${stem}.rules.yml`)).join('\n');
    const names = [...text.matchAll(/- alert: (\w+)/g)].map(([, name = '']) =>
      name.replaceAll(/\B[A-Z]/g, '-$&').toLowerCase(),
    );
    expect(stemsIn('runbooks', '.md')).toEqual(names.sort());
  });
});

describe('.env.example', () => {
  const rowsLike = (row: RegExp) => [...read('.env.example').matchAll(row)].map(([, name]) => name);
  const ofService = namesOfSchemas(
    'reference-app/src/config.ts',
    'reference-app/src/provider-config.ts',
  );

  test('has a row for every variable of the service, and no other', () => {
    expect(ofService).toEqual(expect.arrayContaining(['APP_ENV', 'TESTING', 'DATABASE_URL']));
    expect(rowsLike(/^([A-Z][A-Z0-9_]*)=/gm).sort()).toEqual(ofService);
  });

  test('has a commented row for every variable of Tally or docker compose alone, and no other', () => {
    const ofCompose = [...read('docker-compose.yml').matchAll(/\$\{([A-Z0-9_]+):-/g)];
    const named = [
      ...namesOfSchemas('harness/config/env.ts'),
      ...ofCompose.map(([, name = '']) => name),
    ];
    const variables = [...new Set(named)].filter((name) => !ofService.includes(name));
    expect(variables).toEqual(expect.arrayContaining(['TALLY_CACHE_DIR', 'NODE_IMAGE']));
    expect(rowsLike(/^# ([A-Z][A-Z0-9_]*)=/gm).sort()).toEqual(variables.sort());
  });
});

describe('tidy rules', () => {
  test.for([
    `sk-${'aB3dE5gH7jK9'.repeat(4)}`,
    `sk-ant-api03-${'aB3dE5gH7jK9'.repeat(8)}`,
    `AIza${'aB3dE5gH7jK'.repeat(4).slice(0, 35)}`,
  ])('take %s for a key', (key) => {
    expect(findKeys(`KEY=${key}`)).toEqual([key]);
  });

  test.for([
    'sk-tally-0123456789abcdefghijklmn',
    `sk-${'x'.repeat(48)}`,
    'task-management-of-tests-in-ci',
    'sk-short',
  ])('do not take %s for a key', (text) => {
    expect(findKeys(text)).toEqual([]);
  });

  test('see vendors in another order', () => {
    const text = "type A = 'google' | 'openai'; const b = ['openai', 'google'];";
    expect(findWrongOrders(text)).toEqual(["'google' | 'openai'"]);
  });
});

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Where a rule finds something, without repeating what it found. */
function linesWith(
  paths: readonly string[],
  find: (line: string) => readonly string[] | null,
): string[] {
  return paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => ((find(line) ?? []).length > 0 ? [`${path}:${index + 1}`] : [])),
  );
}

/** Texts with the prefix, the length and the variety of a provider's key, and no mark of a fake. */
function findKeys(line: string): string[] {
  const candidates =
    line.match(/(?<![A-Za-z0-9])(?:sk-[A-Za-z0-9_-]{20,}|AIza[A-Za-z0-9_-]{35})/g) ?? [];
  return candidates.filter(
    (key) =>
      !FAKE_KEY_MARKS.some((mark) => key.toLowerCase().includes(mark)) &&
      /\d/.test(key) &&
      new Set(key).size >= 12,
  );
}

/** Lists and unions of quoted vendors that are not in the order openai, google, anthropic. */
function findWrongOrders(text: string): string[] {
  const vendor = `["'](?:${VENDORS.join('|')})["']`;
  const lists = text.match(new RegExp(`${vendor}(?:\\s*[,|]\\s*${vendor})+`, 'g')) ?? [];
  return lists.filter((list) => {
    const order = (list.match(/\w+/g) ?? []).map((name) => VENDORS.indexOf(name));
    return order.some((place, index) => place < (order[index - 1] ?? -1));
  });
}

/** The variables that the zod schemas of a file name, sorted. */
function namesOfSchemas(...paths: readonly string[]): string[] {
  return [
    ...paths
      .map(read)
      .join('\n')
      .matchAll(/^ +([A-Z][A-Z0-9_]*): /gm),
  ]
    .flatMap((match) => match[1] ?? [])
    .filter((name) => name !== 'HOME' && !name.startsWith('XDG_'))
    .sort();
}
